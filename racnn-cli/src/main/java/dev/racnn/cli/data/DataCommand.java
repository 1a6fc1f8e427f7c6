package dev.racnn.cli.data;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group {@code racnn data}. */
@Command(
        name = "data",
        description = "Downloads data sets and describes them.",
        subcommands = {DataDownload.class, DataInfo.class})
public final class DataCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    DataCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
    }
}
