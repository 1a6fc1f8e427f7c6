package dev.racnn.cli.index;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group {@code racnn index}. */
@Command(
        name = "index",
        description = "Makes, describes and changes the candidate set of a model.",
        subcommands = {
            IndexBuild.class,
            IndexMerge.class,
            IndexInfo.class,
            IndexTune.class,
            IndexAdd.class,
            IndexRemove.class,
            IndexRelabel.class,
            IndexCompact.class,
            IndexUpload.class
        })
public final class IndexCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    IndexCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
    }
}
