package dev.racnn.cli;

import dev.racnn.cli.options.EvaluationFiles;
import dev.racnn.evaluation.Evaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code racnn report}: renders finished evaluations once more. */
@Command(
        name = "report",
        description = "Renders evaluations: a table on the terminal, report.md and report.html in each folder.")
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Folders that racnn evaluate wrote.")
    private List<Path> folders;

    ReportCommand() {}

    @Override
    public Integer call() throws IOException {
        for (Path folder : folders) {
            EvaluationFiles.write(spec.commandLine().getOut(), Evaluation.read(folder), folder);
        }
        return 0;
    }
}
