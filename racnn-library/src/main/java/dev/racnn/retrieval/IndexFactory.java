package dev.racnn.retrieval;

import java.io.IOException;
import java.nio.file.Path;

/** An engine whose index can be saved in a folder, and opened instead of being built. */
public interface IndexFactory extends EngineFactory {
    /** What an index is built with: these settings, with the defaults of what matters to a search only. */
    IndexFactory forBuilding();

    /**
     * Builds an index, saves it in a folder that is not there yet, and opens it. The folder is there when the index is
     * complete and on the disk.
     *
     * @throws IllegalArgumentException see {@link #build(Keys, int)}
     * @throws IOException if the folder is there or cannot be written
     */
    RetrievalEngine build(Keys keys, Path folder, int threads) throws IOException;

    /**
     * Opens a saved index over the keys that it was built from. It was built with settings that agree with these in what
     * matters to building, see {@link #forBuilding}.
     *
     * @throws IOException if the index is missing, damaged, of another version, or of other keys
     */
    RetrievalEngine open(Path folder, Keys keys, int threads) throws IOException;
}
