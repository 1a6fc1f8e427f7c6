package dev.racnn.report;

import dev.racnn.evaluation.Evaluation;
import dev.racnn.files.AtomicFile;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * An evaluation as one page that needs nothing else: no script, no font, no picture from anywhere. It follows the reader's
 * choice of a light or dark page, and can be read on a telephone and with a screen reader.
 *
 * <p>The page is the template {@code report.jte} and those that it names; they escape whatever they are given.
 */
public final class HtmlReport {
    /** Name of the page in the folder of an evaluation. */
    public static final String FILE = "report.html";

    private HtmlReport() {}

    /** The page. */
    @SuppressWarnings("NullAway") // Generated code has no annotations; null is no interceptor.
    public static String of(Evaluation evaluation) {
        StringOutput page = new StringOutput();
        JtereportGenerated.render(new OwaspHtmlTemplateOutput(page), null, evaluation, css());
        return page.toString();
    }

    /** Writes the page into a folder and returns the file. */
    public static Path write(Evaluation evaluation, Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        AtomicFile.write(file, of(evaluation));
        return file;
    }

    private static String css() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("report.css is missing from the library");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
