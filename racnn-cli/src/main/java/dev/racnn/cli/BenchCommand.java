package dev.racnn.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code racnn bench}: measurements of speed. */
@Command(name = "bench", description = "Measures speed.", subcommands = BenchAttack.class)
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    BenchCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing, one of "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
}
