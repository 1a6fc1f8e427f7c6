package dev.racnn.opensearch;

import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.EngineKind;

/** Finds indexes of clusters in the texts of engines; user and password are those of the environment. */
public final class OpenSearchKind implements EngineKind {
    public OpenSearchKind() {}

    @Override
    public String name() {
        return OpenSearchSettings.NAME;
    }

    @Override
    public EngineFactory parse(String text) {
        return OpenSearchSettings.parse(text, System.getenv());
    }
}
