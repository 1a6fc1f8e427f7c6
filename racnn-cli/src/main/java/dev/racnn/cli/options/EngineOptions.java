package dev.racnn.cli.options;

import dev.racnn.evaluation.Subjects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --engine} of the commands that answer with a RaCNN. */
public final class EngineOptions {
    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            converter = EngineChoice.Converter.class,
            description =
                    "Retrieval engine of a RaCNN, such as hnsw, lsh:tables=32, auto or opensearch:http://HOST:PORT;"
                            + " by default exact where models are attacked, the bundle's own elsewhere.")
    private @Nullable String engine;

    EngineOptions() {}

    /** The engine that was asked for, or another one. */
    public String orElse(String other) {
        return engine == null ? other : engine;
    }

    /** Lets the RaCNNs that are opened from now on search with the engine that was asked for. */
    public void searchIn(Subjects subjects, int threads) {
        String chosen = engine;
        if (chosen != null && !EngineChoice.isExact(chosen)) {
            subjects.searchWith(chosen, keys -> EngineChoice.build(chosen, keys, threads));
        }
    }
}
