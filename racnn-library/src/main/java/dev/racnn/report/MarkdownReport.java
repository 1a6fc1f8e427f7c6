package dev.racnn.report;

import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.NeighbourQuality;
import dev.racnn.evaluation.Proportion;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An evaluation as Markdown, for a repository. */
public final class MarkdownReport {
    private MarkdownReport() {}

    /** A text that ends with a line break. */
    public static String of(Evaluation evaluation) {
        StringBuilder text = new StringBuilder("# " + evaluation.title() + "\n\n");
        Notes.summary(evaluation).forEach(line -> text.append(line).append(".\n"));
        text.append('\n');
        table(evaluation, text);
        text.append('\n');
        worstCases(WorstCases.of(evaluation), text);
        Notes.images(evaluation).forEach(line -> text.append("- ").append(line).append('\n'));
        Notes.stages(evaluation).forEach(line -> text.append("- ").append(line).append('\n'));
        for (ModelEvaluation model : evaluation.models()) {
            NeighbourQuality quality = model.retrieval();
            if (quality != null) {
                text.append(String.format(
                        Locale.ROOT,
                        "- %s: engine `%s` over %,d candidates, recall %.4f; label purity of the %d neighbours %s %%,"
                                + " their vote %s %%, attention entropy %.2f of %.2f nats%n",
                        model.name(),
                        quality.engine(),
                        quality.candidates(),
                        quality.recall(),
                        quality.k(),
                        Numbers.percent(quality.purity()),
                        Numbers.percent(quality.vote().value()),
                        quality.attentionEntropy(),
                        Math.log(quality.k())));
            }
        }
        Notes.warnings(evaluation)
                .forEach(line -> text.append("- **Warning:** ").append(line).append('\n'));
        Checks.of(evaluation).forEach(checks -> checks(checks, text));
        text.append("\nRepeat it:\n\n```\n").append(evaluation.command()).append("\n```\n");
        return text.toString();
    }

    private static void checks(Checks checks, StringBuilder text) {
        text.append("\n## Can it be believed? ")
                .append(checks.model())
                .append("\n\n| question | answer |\n|---|---|\n");
        checks.checks().forEach(check -> text.append("| %s | %s |%n".formatted(check.question(), check.text())));
    }

    private static void worstCases(WorstCases cases, StringBuilder text) {
        if (cases.rows().isEmpty()) {
            return;
        }
        text.append("| worst case for every image | ")
                .append(String.join(" | ", cases.limits()))
                .append(" |\n|---|")
                .append("--:|".repeat(cases.limits().size()))
                .append('\n');
        for (WorstCases.Row row : cases.rows()) {
            text.append("| ").append(row.model()).append(" |");
            row.accuracies()
                    .forEach(accuracy -> text.append(accuracy.map(share ->
                                    " %s (%s) |".formatted(Numbers.percent(share.value()), Numbers.interval(share)))
                            .orElse(" – |")));
            text.append('\n');
        }
        text.append('\n');
    }

    private static void table(Evaluation evaluation, StringBuilder text) {
        ResultTable table = ResultTable.of(evaluation);
        text.append("| model | scenario | clean, %s | 95 %% interval | clean, %s |"
                .formatted(Notes.count(Notes.testImages(evaluation)), Notes.count(evaluation.attacked())));
        table.columns()
                .forEach(column -> text.append(" %s %s |".formatted(Attacks.title(column.attack()), column.limit())));
        text.append("\n|---|---|--:|--:|--:|")
                .append("--:|".repeat(table.columns().size()))
                .append('\n');
        for (ResultTable.Row row : table.rows()) {
            Proportion clean = row.clean();
            text.append("| %s | %s |".formatted(row.model(), row.scenario().title()));
            text.append(
                    clean == null
                            ? " | |"
                            : " %s | %s |".formatted(Numbers.percent(clean.value()), Numbers.interval(clean)));
            Proportion attacked = row.cleanAttacked();
            text.append(attacked == null ? " |" : " %s |".formatted(Numbers.percent(attacked.value())));
            row.cells()
                    .forEach(cell -> text.append(
                            cell.best() ? " **%s** |".formatted(cell.text()) : " %s |".formatted(cell.text())));
            text.append('\n');
            if (row.isPublished()) {
                text.append("| | *paper* | %s | | |".formatted(published(row.published())));
                row.cells().forEach(cell -> text.append(" %s |".formatted(published(cell.published()))));
                text.append('\n');
            }
        }
    }

    private static String published(@Nullable Double accuracy) {
        return accuracy == null ? "" : "*" + Numbers.published(accuracy) + "*";
    }
}
