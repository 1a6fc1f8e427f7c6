package dev.racnn.candidates;

import dev.racnn.files.Folders;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.Engines;
import dev.racnn.retrieval.IndexFactory;
import dev.racnn.retrieval.RetrievalEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Indexes that are saved with a candidate set, so that engines over it open instead of being built. They lie beside the
 * data files of the set's base and go when a compaction replaces it, which makes them anew.
 *
 * <p>The folder {@code index-SETTINGS@N} holds the N-th index of these settings. It is moved into place when it is
 * complete and never changed; the one with the greatest number counts, and the others are deleted.
 */
public final class SavedIndexes {
    private static final Pattern NAME = Pattern.compile("index-([^@]+)(?:@(\\d{1,9}))?");

    private SavedIndexes() {}

    /** The folder of an index. */
    private record Saved(Path folder, String settings, int number) {}

    /**
     * Builds an engine's index and saves it with a candidate set. One that is there already stays until the new one is
     * complete.
     *
     * @param set folder of the candidate set
     * @param threads threads that share the work, at least 1
     * @throws IllegalArgumentException if the settings do not fit the keys
     * @throws IOException if the set is missing, damaged, being changed elsewhere, or cannot be written to
     */
    public static void build(Path set, IndexFactory engine, int threads) throws IOException {
        try (CandidateSetLock _ = CandidateSetLock.take(set)) {
            CandidateSet base = CandidateSet.open(set, CandidateManifest.read(set));
            if (base.size() == 0) {
                throw new IllegalArgumentException(
                        "candidate set %s has no candidate in its base, so there is nothing to index; add some and compact it"
                                .formatted(set));
            }
            build(base, engine, threads);
        }
    }

    private static void build(CandidateSet base, IndexFactory engine, int threads) throws IOException {
        String settings = settings(engine);
        List<Saved> replaced = all(base).stream()
                .filter(saved -> saved.settings().equals(settings))
                .toList();
        int number = 1 + replaced.stream().mapToInt(Saved::number).max().orElse(0);
        engine.build(base, base.folder().resolve("index-%s@%s".formatted(settings, number)), threads)
                .close();
        for (Saved saved : replaced) {
            Folders.delete(saved.folder());
        }
    }

    /**
     * Opens the index that is saved for an engine with a candidate set; builds the engine in memory if there is none. Settings
     * that matter to a search only need not be those that the index was built with.
     *
     * @param threads threads that share the work of a search, at least 1
     * @throws IllegalArgumentException if the settings do not fit the keys
     * @throws UncheckedIOException if the saved index is damaged or of another version
     */
    static RetrievalEngine openOrBuild(EngineFactory engine, CandidateSet base, int threads) {
        try {
            if (engine.chosenFor(base) instanceof IndexFactory index) {
                Optional<Saved> saved = newest(base, settings(index));
                while (saved.isPresent()) {
                    try {
                        return index.open(saved.get().folder(), base, threads);
                    } catch (IOException e) {
                        Optional<Saved> now = newest(base, settings(index));
                        // Unless another process has replaced it meanwhile.
                        if (now.equals(saved)) {
                            throw e;
                        }
                        saved = now;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        return engine.build(base, threads);
    }

    /**
     * The settings of all indexes that are saved with a candidate set.
     *
     * @throws IOException if one of them is damaged or of another version
     */
    public static List<IndexFactory> of(CandidateSet base) throws IOException {
        List<IndexFactory> engines = new ArrayList<>();
        for (Saved saved : current(base)) {
            engines.add(Engines.settings(saved.folder()));
        }
        return List.copyOf(engines);
    }

    /** The folders of all indexes that are saved with a candidate set, the newest first. */
    static List<Path> folders(CandidateSet base) throws IOException {
        return current(base).stream().map(Saved::folder).toList();
    }

    /** Saves the same indexes with another base, by all processors; leaves out those that cannot be read. */
    static void renew(CandidateSet from, CandidateSet to) throws IOException {
        if (to.size() == 0) {
            return;
        }
        for (Saved saved : current(from)) {
            IndexFactory engine;
            try {
                engine = Engines.settings(saved.folder());
            } catch (IOException e) {
                System.getLogger(SavedIndexes.class.getName())
                        .log(System.Logger.Level.WARNING, "not made anew: " + e.getMessage());
                continue;
            }
            build(to, engine, Runtime.getRuntime().availableProcessors());
        }
    }

    private static String settings(IndexFactory engine) {
        return engine.forBuilding().toString().replaceAll("[:,=]", "-");
    }

    private static Optional<Saved> newest(CandidateSet base, String settings) throws IOException {
        return current(base).stream()
                .filter(saved -> saved.settings().equals(settings))
                .findFirst();
    }

    /** The newest index of all settings that there are. */
    private static List<Saved> current(CandidateSet base) throws IOException {
        List<Saved> current = new ArrayList<>();
        for (Saved saved : all(base)) {
            // Without its table of contents it is what an interrupted deletion left.
            boolean complete = Engines.isSavedIn(saved.folder());
            if (complete && current.stream().noneMatch(newer -> newer.settings().equals(saved.settings()))) {
                current.add(saved);
            }
        }
        return current;
    }

    /** What lies there, the newest first. */
    private static List<Saved> all(CandidateSet base) throws IOException {
        try (Stream<Path> entries = Files.list(base.folder())) {
            return entries.map(entry -> new Named(entry, NAME.matcher(String.valueOf(entry.getFileName()))))
                    .filter(named -> named.matcher().matches())
                    .map(Named::saved)
                    .sorted(Comparator.comparingInt(Saved::number).reversed().thenComparing(Saved::settings))
                    .toList();
        }
    }

    /** A folder and what its name says; without a number it was written before there were numbers. */
    private record Named(Path folder, Matcher matcher) {
        Saved saved() {
            String number = matcher.group(2);
            return new Saved(folder, matcher.group(1), number == null ? 0 : Integer.parseInt(number));
        }
    }
}
