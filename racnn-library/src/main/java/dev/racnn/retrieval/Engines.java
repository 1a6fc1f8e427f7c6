package dev.racnn.retrieval;

import java.io.IOException;
import java.nio.file.Path;

/** The indexes of engines that lie in folders, see {@link IndexFactory}. */
public final class Engines {
    private Engines() {}

    /** Whether a folder holds a saved index that was finished. */
    public static boolean isSavedIn(Path folder) {
        return IndexManifest.FILE.isIn(folder);
    }

    /**
     * The settings that a saved index was built with.
     *
     * @throws IOException if the index is missing, damaged, of another version, or of an engine that is not known
     */
    public static IndexFactory settings(Path folder) throws IOException {
        String text = IndexManifest.FILE.read(folder).engine();
        if (EngineFactory.parse(text) instanceof IndexFactory engine) {
            return engine;
        }
        throw new IOException("index %s is of the engine %s, which has none".formatted(folder, text));
    }

    /**
     * Opens a saved index over the keys that it was built from, with the settings that it was built with.
     *
     * @throws IOException if the index is missing, damaged, of another version, or of other keys
     */
    public static RetrievalEngine open(Path folder, Keys keys, int threads) throws IOException {
        return settings(folder).open(folder, keys, threads);
    }

    /**
     * Reads all of a saved index.
     *
     * @throws IOException if it is missing, damaged, of another version, or of other keys
     */
    public static void verify(Path folder, Keys keys) throws IOException {
        try (Workers alone = new Workers(1)) {
            IndexFolder.open(folder, keys, alone);
        }
    }
}
