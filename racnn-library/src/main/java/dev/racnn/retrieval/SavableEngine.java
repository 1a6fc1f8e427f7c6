package dev.racnn.retrieval;

import java.io.IOException;

/** An engine whose index can be written to a folder. */
interface SavableEngine extends RetrievalEngine {
    /** Writes what cannot be computed from the keys in no time. */
    void save(IndexFolder.Writer folder) throws IOException;
}
