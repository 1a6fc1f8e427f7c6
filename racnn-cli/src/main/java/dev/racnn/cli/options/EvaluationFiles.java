package dev.racnn.cli.options;

import dev.racnn.evaluation.Evaluation;
import dev.racnn.files.AtomicFile;
import dev.racnn.report.HtmlReport;
import dev.racnn.report.MarkdownReport;
import dev.racnn.report.ResultCsv;
import dev.racnn.report.TextReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/** What an evaluation is rendered to. */
public final class EvaluationFiles {
    private EvaluationFiles() {}

    /** Writes an evaluation as a page, as Markdown and as a table of numbers, and prints it. */
    public static void write(PrintWriter print, Evaluation evaluation, Path folder) throws IOException {
        render(evaluation, folder);
        print(print, evaluation, folder);
    }

    /** Writes an evaluation as a page, as Markdown and as a table of numbers. */
    public static void render(Evaluation evaluation, Path folder) throws IOException {
        AtomicFile.write(folder.resolve("report.md"), MarkdownReport.of(evaluation));
        AtomicFile.write(folder.resolve(ResultCsv.FILE), ResultCsv.of(evaluation));
        HtmlReport.write(evaluation, folder);
    }

    /** Prints an evaluation, and where its page is. */
    public static void print(PrintWriter print, Evaluation evaluation, Path folder) {
        print.print(TextReport.of(evaluation));
        print.println("report " + folder.resolve(HtmlReport.FILE));
        print.flush();
    }
}
