package dev.racnn.cli.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group {@code racnn bench}. */
@Command(
        name = "bench",
        description = "Measures speed and size.",
        subcommands = {
            BenchTrain.class,
            BenchInfer.class,
            BenchIndex.class,
            BenchAttack.class,
            BenchRetrieval.class,
            BenchScale.class,
            BenchManifold.class
        })
public final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    BenchCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
    }
}
