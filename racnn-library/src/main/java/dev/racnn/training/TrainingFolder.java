package dev.racnn.training;

import dev.racnn.data.Fingerprint;
import dev.racnn.files.AtomicFile;
import dev.racnn.files.FileHold;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder that a training makes a bundle in, held by one training at a time. It states what the training was begun with,
 * so that nothing else is continued under its name; a folder in which no epoch was finished holds nothing to be lost and
 * counts as empty.
 */
final class TrainingFolder implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String SETTINGS = "settings.yaml";
    private static final String ORIGIN = "origin.json";
    private static final String UNFINISHED = ".part";
    private static final Set<String> WRITTEN =
            Set.of(SETTINGS, ORIGIN, TrainingLog.FILE, Bundle.WEIGHTS, BundleDescription.FILE, "training-curve.svg");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path folder;
    private final boolean made;
    private final FileHold lock;

    private TrainingFolder(Path folder, boolean made, FileHold lock) {
        this.folder = folder;
        this.made = made;
        this.lock = lock;
    }

    /**
     * Takes a folder, makes it if it is missing, and removes files that a killed training did not finish.
     *
     * @throws IOException if another training holds it, or it cannot be written
     */
    static TrainingFolder take(Path folder) throws IOException {
        boolean made = !Files.exists(folder);
        Files.createDirectories(folder);
        FileHold lock = FileHold.tryTake(folder.resolve(LOCK))
                .orElseThrow(() -> new IOException(
                        "another training is writing to %s; wait until it is done, or choose another folder"
                                .formatted(folder)));
        for (String name : names(folder)) {
            if (isUnfinished(name)) {
                Files.delete(folder.resolve(name));
            }
        }
        return new TrainingFolder(folder, made, lock);
    }

    /**
     * Checks that the folder may be written, before anything is.
     *
     * @throws IllegalArgumentException if it holds something else than what these settings would make
     */
    void requireFits(TrainingSettings settings, boolean resume) throws IOException {
        TrainingSettings begun = resume ? settings() : null;
        if (begun != null) {
            if (!begun.equals(settings)) {
                throw new IllegalArgumentException(
                        "%s was begun with other settings than these, see %s; resume with the same configuration or choose another folder"
                                .formatted(folder, folder.resolve(SETTINGS)));
            }
        } else if (!holdsNothing()) {
            throw new IllegalArgumentException((resume
                            ? "%s is not empty and holds no training; choose another folder"
                            : "%s is not empty; continue it with --resume or choose another folder")
                    .formatted(folder));
        }
    }

    /** What a training here was begun with; null if there is none. */
    @Nullable
    TrainingSettings settings() throws IOException {
        Path file = folder.resolve(SETTINGS);
        return Files.exists(file) ? SettingsFile.read(file, List.of()) : null;
    }

    /** Whether the training here is over. */
    boolean isComplete() {
        return Files.exists(folder.resolve(BundleDescription.FILE));
    }

    /**
     * States what a training is begun with, or checks that it continues with the same.
     *
     * @return what it was begun with
     * @throws IllegalArgumentException if it was begun with other images or another extractor
     */
    Provenance begin(TrainingSettings settings, Provenance now, boolean resume) throws IOException {
        Provenance begun = resume ? recorded() : null;
        if (begun != null) {
            requireSame(begun, now);
            return begun;
        }
        if (!isComplete()) {
            AtomicFile.write(folder.resolve(ORIGIN), JSON.writeValueAsString(now));
            AtomicFile.write(folder.resolve(SETTINGS), SettingsFile.print(settings));
        }
        return now;
    }

    /** Removes what only a training under way needs. */
    void finish() throws IOException {
        for (Stage stage : Stage.values()) {
            Files.deleteIfExists(TrainingRun.checkpoint(folder, stage.toString()));
        }
        Files.deleteIfExists(folder.resolve(ORIGIN));
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(folder.resolve(LOCK));
        lock.close();
        if (made && names(folder).isEmpty()) {
            Files.delete(folder);
        }
    }

    private boolean holdsNothing() throws IOException {
        List<String> names =
                names(folder).stream().filter(name -> !name.equals(LOCK)).toList();
        return names.isEmpty()
                || (names.contains(ORIGIN) && Set.of(ORIGIN, SETTINGS).containsAll(names));
    }

    private @Nullable Provenance recorded() throws IOException {
        if (isComplete()) {
            return BundleDescription.read(folder).provenance();
        }
        Path file = folder.resolve(ORIGIN);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return JSON.readValue(Files.readString(file), Provenance.class);
        } catch (JacksonException e) {
            throw new IOException(
                    "%s is damaged: %s; train into another folder".formatted(file, e.getOriginalMessage()), e);
        }
    }

    private void requireSame(Provenance begun, Provenance now) {
        requireSame("training images", begun, begun.training(), now, now.training());
        requireSame("test images", begun, begun.test(), now, now.test());
        requireSame("candidate images", begun, begun.candidates(), now, now.candidates());
        requireSame("extractor", "--extractor", begun.extractor(), now.extractor());
        requireSame("baseline", "--baseline", begun.baseline(), now.baseline());
    }

    private void requireSame(
            String role, String option, Provenance.@Nullable Source before, Provenance.@Nullable Source given) {
        if (before == null && given != null) {
            throw new IllegalArgumentException(
                    "%s was begun without the %s of %s; resume without %s or choose another folder"
                            .formatted(folder, role, given.bundle(), option));
        }
        if (before != null && (given == null || !before.weightsSha256().equals(given.weightsSha256()))) {
            throw new IllegalArgumentException(
                    "%s was begun with the %s of %s (SHA-256 %s), not with %s; resume with %s %3$s or choose another folder"
                            .formatted(
                                    folder,
                                    role,
                                    before.bundle(),
                                    before.weightsSha256(),
                                    given == null
                                            ? "none"
                                            : "that of %s (SHA-256 %s)"
                                                    .formatted(given.bundle(), given.weightsSha256()),
                                    option));
        }
    }

    private void requireSame(String what, Provenance begun, Fingerprint before, Provenance now, Fingerprint given) {
        if (!before.equals(given)) {
            throw new IllegalArgumentException(
                    "%s was begun with other %s: %s (%s), not %s (%s); resume with the same data or choose another folder"
                            .formatted(folder, what, begun.data(), before, now.data(), given));
        }
    }

    private static boolean isUnfinished(String name) {
        if (!name.endsWith(UNFINISHED)) {
            return false;
        }
        String whole = name.substring(0, name.length() - UNFINISHED.length()).replaceFirst("\\.\\d+-\\d+$", "");
        return WRITTEN.contains(whole) || TrainingRun.isCheckpoint(whole);
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
