package dev.racnn.cli.options;

import dev.racnn.evaluation.Subjects;
import dev.racnn.racnn.Bundle;
import dev.racnn.retrieval.EngineFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --engine} of the commands that answer with a RaCNN. */
public final class EngineOptions {
    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            converter = EngineConverter.class,
            description =
                    "Retrieval engine of a RaCNN, such as hnsw, lsh:tables=32, auto or opensearch:http://HOST:PORT;"
                            + " by default exact where models are attacked, the bundle's own elsewhere.")
    private @Nullable EngineFactory engine;

    EngineOptions() {}

    /** Whether an engine was asked for. */
    public boolean isGiven() {
        return engine != null;
    }

    /** The engine that was asked for, or the bundle's own. */
    public EngineFactory orOwnOf(Bundle bundle) {
        return engine == null ? EngineFactory.parse(bundle.description().engine()) : engine;
    }

    /** Lets the RaCNNs that are opened from now on search with the engine that was asked for. */
    public void searchIn(Subjects subjects) {
        if (engine != null) {
            subjects.searchWith(engine);
        }
    }
}
