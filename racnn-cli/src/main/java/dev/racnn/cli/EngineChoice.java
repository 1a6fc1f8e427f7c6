package dev.racnn.cli;

import dev.racnn.opensearch.OpenSearchEngine;
import dev.racnn.opensearch.OpenSearchSettings;
import dev.racnn.retrieval.EngineSpec;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.RetrievalEngine;
import dev.racnn.retrieval.SavedIndexes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Understands a retrieval engine given as text: one in this process, or an index of a cluster. */
final class EngineChoice {
    private EngineChoice() {}

    /**
     * Opens the index that was saved for an engine with the candidate set, builds it in memory if there is none, or
     * connects to the cluster that holds it.
     *
     * @param text such as {@code exact}, {@code hnsw:m=16} or {@code opensearch:http://127.0.0.1:9200/racnn}
     * @throws IllegalArgumentException if the engine or a setting is unknown
     * @throws UncheckedIOException if the index is damaged or holds other keys
     */
    static RetrievalEngine build(String text, Keys keys, int threads) {
        return local(text)
                .map(spec -> SavedIndexes.openOrBuild(spec, keys, threads))
                .orElseGet(() -> connect(text, keys));
    }

    /**
     * Whether an engine finds the true neighbours by construction.
     *
     * @throws IllegalArgumentException if the engine or a setting is unknown
     */
    static boolean isExact(String text) {
        return local(text).filter(EngineSpec.Exact.class::isInstance).isPresent();
    }

    /**
     * The settings of an engine in this process; nothing for one of a cluster.
     *
     * @throws IllegalArgumentException if the engine or a setting is unknown
     */
    static Optional<EngineSpec> local(String text) {
        return text.startsWith(OpenSearchSettings.SCHEME) ? Optional.empty() : Optional.of(EngineSpec.parse(text));
    }

    private static RetrievalEngine connect(String text, Keys keys) {
        try {
            return OpenSearchEngine.open(OpenSearchSettings.parse(text, System.getenv()), keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
