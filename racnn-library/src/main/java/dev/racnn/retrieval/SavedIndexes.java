package dev.racnn.retrieval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Indexes that are saved with a candidate set, so that engines over it open instead of being built. They lie beside the
 * data files of the set's base and go when a compaction replaces it, which makes them anew.
 */
public final class SavedIndexes {
    private static final String PREFIX = "index-";

    private SavedIndexes() {}

    /**
     * Builds an engine's index and saves it with a candidate set. One that is there already stays until the new one is
     * complete.
     *
     * @param set folder of the candidate set
     * @param threads threads that share the work, at least 1
     * @throws IllegalArgumentException if the settings do not fit the keys
     * @throws IOException if the set is missing, damaged, being changed elsewhere, or cannot be written to
     */
    public static void build(Path set, EngineSpec spec, int threads) throws IOException {
        try (CandidateSetLock _ = CandidateSetLock.take(set)) {
            CandidateSet base = CandidateSet.open(set, CandidateManifest.read(set));
            if (base.size() == 0) {
                throw new IllegalArgumentException(
                        "candidate set %s has no candidate in its base, so there is nothing to index; add some and compact it"
                                .formatted(set));
            }
            build(base, spec, threads);
        }
    }

    private static void build(CandidateSet base, EngineSpec spec, int threads) throws IOException {
        Engines.build(spec, base, folder(base, spec), threads).close();
    }

    /**
     * Opens the index that is saved for these settings with the candidate set that the keys are of; builds the engine in
     * memory if there is none.
     *
     * @param threads threads that share the work of a search, at least 1
     * @throws IllegalArgumentException if the settings do not fit the keys
     * @throws UncheckedIOException if the saved index is damaged or of another version
     */
    public static RetrievalEngine openOrBuild(EngineSpec spec, Keys keys, int threads) {
        if (keys instanceof CandidateSet base && Files.isDirectory(folder(base, spec))) {
            try {
                return Engines.open(folder(base, spec), keys, threads);
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
        return Engines.build(spec, keys, threads);
    }

    /**
     * The settings of all indexes that are saved with a candidate set.
     *
     * @throws IOException if one of them is damaged or of another version
     */
    public static List<EngineSpec> of(CandidateSet base) throws IOException {
        List<Path> folders = folders(base);
        EngineSpec[] specs = new EngineSpec[folders.size()];
        for (int i = 0; i < specs.length; i++) {
            specs[i] = Engines.settings(folders.get(i));
        }
        return List.of(specs);
    }

    /** The folders of all indexes that are saved with a candidate set, in the order of their names. */
    static List<Path> folders(CandidateSet base) throws IOException {
        try (Stream<Path> entries = Files.list(base.folder())) {
            return entries.filter(entry -> {
                        String name = String.valueOf(entry.getFileName());
                        return name.startsWith(PREFIX) && !name.endsWith(Engines.UNFINISHED);
                    })
                    .sorted()
                    .toList();
        }
    }

    /** Saves the same indexes with another base, by all processors. */
    static void renew(CandidateSet from, CandidateSet to) throws IOException {
        if (to.size() > 0) {
            for (EngineSpec spec : of(from)) {
                build(to, spec, Runtime.getRuntime().availableProcessors());
            }
        }
    }

    private static Path folder(CandidateSet base, EngineSpec spec) {
        return base.folder().resolve(PREFIX + spec.toString().replaceAll("[:,=]", "-"));
    }
}
