package dev.racnn.retrieval;

import dev.racnn.files.DataFile;
import dev.racnn.files.Manifest;
import java.util.List;

/**
 * The table of contents of a saved index.
 *
 * @param engine settings that the index was built with, see {@link EngineFactory#parse}
 * @param candidates number of candidates
 * @param dimension components of a key, before any projection
 * @param keys fingerprint of the keys, see {@link Keys#fingerprint}
 * @param files every other file
 */
record IndexManifest(String engine, int candidates, int dimension, String keys, List<DataFile> files) {
    static final Manifest<IndexManifest> FILE =
            new Manifest<>(IndexManifest.class, "index.json", 2, "index", "build the index again");

    IndexManifest {
        files = List.copyOf(files);
    }
}
