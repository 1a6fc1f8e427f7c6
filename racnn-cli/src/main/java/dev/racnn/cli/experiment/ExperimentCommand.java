package dev.racnn.cli.experiment;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group {@code racnn experiment}. */
@Command(
        name = "experiment",
        description = "Runs experiments that a file describes, such as those of the paper, and joins their parts.",
        subcommands = {ExperimentRunCommand.class, ExperimentMergeCommand.class})
public final class ExperimentCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    ExperimentCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
    }
}
