package dev.racnn.report;

import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.Proportion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An evaluation as a table for the terminal. */
public final class TextReport {
    private TextReport() {}

    /** Lines of at most a hundred and some columns, each ended by a line break. */
    public static String of(Evaluation evaluation) {
        ResultTable table = ResultTable.of(evaluation);
        List<String[]> lines = new ArrayList<>();
        List<String> attacks = new ArrayList<>(List.of("", "", "clean", "", "clean"));
        List<String> limits = new ArrayList<>(List.of(
                "model",
                "scenario",
                Notes.count(Notes.testImages(evaluation)),
                "95 %",
                Notes.count(evaluation.attacked())));
        String last = "";
        for (ResultTable.Column column : table.columns()) {
            attacks.add(column.attack().equals(last) ? "" : Attacks.title(column.attack()));
            limits.add(column.limit());
            last = column.attack();
        }
        lines.add(attacks.toArray(String[]::new));
        lines.add(limits.toArray(String[]::new));
        for (ResultTable.Row row : table.rows()) {
            List<String> cells = new ArrayList<>();
            Proportion clean = row.clean();
            cells.add(clean == null ? "" : row.model());
            cells.add(row.scenario().title());
            cells.add(clean == null ? "" : Numbers.percent(clean.value()));
            cells.add(clean == null ? "" : Numbers.interval(clean));
            Proportion attacked = row.cleanAttacked();
            cells.add(attacked == null ? "" : Numbers.percent(attacked.value()));
            row.cells().forEach(cell -> cells.add(cell.text()));
            lines.add(cells.toArray(String[]::new));
            if (row.isPublished()) {
                List<String> paper = new ArrayList<>(List.of("", "paper", published(row.published()), "", ""));
                row.cells().forEach(cell -> paper.add(published(cell.published())));
                lines.add(paper.toArray(String[]::new));
            }
        }
        StringBuilder text = new StringBuilder();
        Notes.summary(evaluation).forEach(line -> text.append(line).append('\n'));
        text.append('\n').append(aligned(lines, 2)).append('\n');
        worstCases(WorstCases.of(evaluation), text);
        Notes.images(evaluation).forEach(line -> text.append(line).append('\n'));
        Notes.stages(evaluation).forEach(line -> text.append(line).append('\n'));
        Notes.warnings(evaluation)
                .forEach(line -> text.append("warning: ").append(line).append('\n'));
        return text.toString();
    }

    private static void worstCases(WorstCases cases, StringBuilder text) {
        if (cases.rows().isEmpty()) {
            return;
        }
        List<String[]> lines = new ArrayList<>();
        lines.add(Stream.concat(Stream.of("worst case for every image", ""), cases.limits().stream())
                .toArray(String[]::new));
        for (WorstCases.Row row : cases.rows()) {
            Stream<String> cells = row.accuracies().stream()
                    .map(accuracy -> accuracy.map(share -> Numbers.percent(share.value()))
                            .orElse("–"));
            lines.add(Stream.concat(Stream.of(row.model(), ""), cells).toArray(String[]::new));
        }
        text.append(aligned(lines, 1)).append('\n');
    }

    private static String published(@Nullable Double accuracy) {
        return accuracy == null ? "" : Numbers.published(accuracy);
    }

    private static String aligned(List<String[]> lines, int headings) {
        int[] widths = new int[lines.getFirst().length];
        for (String[] line : lines) {
            Arrays.setAll(widths, c -> Math.max(widths[c], line[c].length()));
        }
        StringBuilder text = new StringBuilder();
        for (int l = 0; l < lines.size(); l++) {
            StringBuilder row = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                String cell = lines.get(l)[c];
                String space = " ".repeat(widths[c] - cell.length());
                row.append(c == 0 ? "" : "  ").append(c < 2 ? cell + space : space + cell);
            }
            text.append(row.toString().stripTrailing()).append('\n');
            if (l == headings - 1) {
                text.append("-".repeat(Arrays.stream(widths).sum() + 2 * (widths.length - 1)))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
