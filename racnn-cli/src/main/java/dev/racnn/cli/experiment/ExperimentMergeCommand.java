package dev.racnn.cli.experiment;

import dev.racnn.cli.options.CommandText;
import dev.racnn.cli.options.EvaluationFiles;
import dev.racnn.experiment.ExperimentMerge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code racnn experiment merge}: joins the results of parts. */
@Command(
        name = "merge",
        description =
                "Joins the results of the parts of an experiment in one folder, checks that they belong together, and"
                        + " reports. Needs neither models nor images.")
final class ExperimentMergeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder for the whole; may hold results of this experiment already.")
    private Path out;

    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Folders that racnn experiment run wrote.")
    private List<Path> parts;

    ExperimentMergeCommand() {}

    @Override
    public Integer call() throws IOException {
        EvaluationFiles.write(
                spec.commandLine().getOut(), ExperimentMerge.merge(parts, out, CommandText.of(spec)), out);
        return 0;
    }
}
