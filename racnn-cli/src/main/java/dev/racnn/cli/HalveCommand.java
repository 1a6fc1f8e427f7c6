package dev.racnn.cli;

import dev.racnn.racnn.HalfBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code racnn halve}: a copy of a model that takes half the room. */
@Command(
        name = "halve",
        description =
                "Copies a bundle with its weights stored as float16, half as large. A RaCNN needs its candidate set"
                        + " anew, since the rounded weights compute other features.")
final class HalveCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "BUNDLE", required = true, description = "Bundle to copy.")
    private Path model;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder for the copy, empty or new.")
    private Path out;

    HalveCommand() {}

    @Override
    public Integer call() throws IOException {
        HalfBundle.write(model, out);
        spec.commandLine().getOut().printf("bundle %s%n", out);
        return 0;
    }
}
