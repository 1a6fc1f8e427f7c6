package dev.racnn.report;

import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.NeighbourQuality;
import dev.racnn.evaluation.NeighbourShift;
import dev.racnn.evaluation.Proportion;
import dev.racnn.evaluation.Scenario;
import dev.racnn.files.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An evaluation as one page that needs nothing else: no script, no font, no picture from anywhere. It follows the reader's
 * choice of a light or dark page, and can be read on a telephone and with a screen reader.
 */
public final class HtmlReport {
    /** Name of the page in the folder of an evaluation. */
    public static final String FILE = "report.html";

    private static final int ATTACKS_IN_A_TABLE = 2;

    private final Evaluation evaluation;
    private final StringBuilder html = new StringBuilder();

    private HtmlReport(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    /** The page. */
    public static String of(Evaluation evaluation) {
        return new HtmlReport(evaluation).page();
    }

    /** Writes the page into a folder and returns the file. */
    public static Path write(Evaluation evaluation, Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        AtomicFile.write(file, of(evaluation));
        return file;
    }

    private String page() {
        String title = "Robustness on " + evaluation.data();
        add("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        add("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
        add("<title>" + Html.escape(title) + "</title>\n<style>\n" + css() + "</style></head><body>\n");
        add("<header><h1>" + Html.escape(title) + "</h1>\n<p class=\"lead\">");
        add(String.join(
                        ". ",
                        Notes.summary(evaluation).stream().map(Html::escape).toList()) + ".</p></header>\n<main>\n");
        Notes.warnings(evaluation)
                .forEach(line ->
                        add("<p class=\"warning\" role=\"note\"><b>Warning.</b> " + Html.escape(line) + ".</p>\n"));
        headline();
        results();
        worstCases();
        curves();
        gallery();
        retrieval();
        training();
        reading();
        configuration();
        add("</main>\n<footer>Measured " + Html.escape(evaluation.date()) + " by RaCNN "
                + Html.escape(evaluation.version())
                + ", after Zhao and Cho, <i>Retrieval-Augmented Convolutional Neural Networks for Improved"
                + " Robustness against Adversarial Examples</i>, arXiv 1802.09502.</footer>\n"
                + "</body></html>\n");
        return html.toString();
    }

    private void headline() {
        add("<div class=\"headline\">");
        for (ModelEvaluation model : evaluation.models()) {
            Proportion clean = model.clean();
            String robust = model.attacks().isEmpty()
                    ? ""
                    : worstOf(model, model.attacks().getFirst());
            add("<div><span>%s · %s</span><b>%s %%</b><span>clean, %s</span><span>95 %%: %s</span>%s</div>%n"
                    .formatted(
                            Html.escape(model.name()),
                            Html.escape(model.formula()),
                            Numbers.percent(clean.value()),
                            Notes.count(clean.n()),
                            Numbers.interval(clean),
                            robust));
        }
        add("</div>\n");
    }

    /** What an attack leaves in the worst scenario; the attacker of Scenario 2 (a) does not see the model. */
    private static String worstOf(ModelEvaluation model, AttackEvaluation first) {
        AttackEvaluation attack = model.attacks().stream()
                .filter(each -> each.scenario() != Scenario.TRANSFER
                        && each.attack().equals(first.attack())
                        && Objects.equals(each.budget(), first.budget()))
                .min(Comparator.comparingDouble(each -> headlineOf(each).value()))
                .orElse(first);
        Proportion accuracy = headlineOf(attack);
        String limit = "";
        if (attack.budget() != null) {
            limit = " up to " + Numbers.budget(attack.budget());
        } else if (!attack.thresholds().isEmpty()) {
            limit = " up to MSD " + Numbers.scientific(attack.thresholds().getFirst());
        }
        return "<b>%s %%</b><span>under %s%s, %s, %s</span><span>95 %%: %s; unattacked: %s&nbsp;%%</span>"
                .formatted(
                        Numbers.percent(accuracy.value()),
                        Html.escape(Attacks.title(attack.attack())),
                        Html.escape(limit),
                        attack.scenario().title(),
                        Notes.count(accuracy.n()),
                        Numbers.interval(accuracy),
                        Numbers.percent(attack.clean().value()));
    }

    private static Proportion headlineOf(AttackEvaluation attack) {
        return attack.budget() != null || attack.thresholds().isEmpty()
                ? attack.unbroken()
                : attack.curve().at(attack.thresholds().getFirst());
    }

    private void results() {
        ResultTable table = ResultTable.of(evaluation);
        List<String> attacks = table.columns().stream()
                .map(ResultTable.Column::attack)
                .distinct()
                .toList();
        add("<h2>Results</h2>\n");
        for (int from = 0; from < attacks.size(); from += ATTACKS_IN_A_TABLE) {
            table(table, attacks.subList(from, Math.min(from + ATTACKS_IN_A_TABLE, attacks.size())));
        }
        Notes.neverAttacked(evaluation).forEach(line -> add("<p class=\"note\">" + Html.escape(line) + ".</p>\n"));
        add(
                "<p class=\"note\">Accuracy in %% with its 95 %% Wilson interval; clean on all n = %s test images, and on the n = %s that were attacked. Green: the best model, each taken in the worst scenario whose attacker sees the model, 1 or 2 (b). An image counts as robust at a distance if no adversarial image was found within it.</p>%n"
                        .formatted(count(Notes.testImages(evaluation)), count(evaluation.attacked())));
    }

    /** What is left if every image meets the attack that does best on it, and what the stages of suites left. */
    private void worstCases() {
        WorstCases cases = WorstCases.of(evaluation);
        if (!cases.rows().isEmpty()) {
            add("<h3>Worst case for every image</h3>\n"
                    + "<p>An image counts as robust only if no attack of Scenario 1 or 2 (b) succeeds: the mean of the"
                    + " minima.</p>\n"
                    + "<div class=\"scroll\" tabindex=\"0\"><table class=\"results\"><thead><tr><th class=\"left\""
                    + " scope=\"col\">model</th>");
            cases.limits().forEach(limit -> add("<th scope=\"col\">" + Html.escape(limit) + "</th>"));
            add("</tr></thead><tbody>\n");
            for (WorstCases.Row row : cases.rows()) {
                add("<tr class=\"first\"><th scope=\"row\">" + Html.escape(row.model()) + "</th>");
                row.accuracies().forEach(accuracy -> add("<td>" + withInterval(accuracy) + "</td>"));
                add("</tr>\n");
            }
            add("</tbody></table></div>\n");
        }
        List<String> stages = Notes.stages(evaluation);
        if (!stages.isEmpty()) {
            add("<h3>Stage by stage</h3>\n<ul>\n");
            stages.forEach(line -> add("<li>" + Html.escape(line) + ".</li>\n"));
            add("</ul>\n");
        }
    }

    /** The columns of some attacks, so that the table of a long suite stays readable. */
    private void table(ResultTable table, List<String> attacks) {
        int[] shown = IntStream.range(0, table.columns().size())
                .filter(c -> attacks.contains(table.columns().get(c).attack()))
                .toArray();
        add("<div class=\"scroll\" tabindex=\"0\"><table class=\"results\"><thead><tr>");
        add("<th class=\"left\" rowspan=\"2\" scope=\"col\">model</th>");
        add("<th class=\"left\" rowspan=\"2\" scope=\"col\">attack scenario</th>");
        for (int images : new int[] {Notes.testImages(evaluation), evaluation.attacked()}) {
            add("<th rowspan=\"2\" scope=\"col\">clean<small>" + Notes.count(images) + "</small></th>");
        }
        for (String attack : attacks) {
            long span = table.columns().stream()
                    .filter(column -> column.attack().equals(attack))
                    .count();
            add("<th colspan=\"%s\" scope=\"colgroup\">%s</th>".formatted(span, Html.escape(Attacks.title(attack))));
        }
        add("</tr><tr>");
        for (int c : shown) {
            add("<th scope=\"col\">" + Html.escape(table.columns().get(c).limit()) + "</th>");
        }
        add("</tr></thead><tbody>\n");
        for (ResultTable.Row row : table.rows()) {
            Proportion clean = row.clean();
            String name = Html.escape(row.model()) + "<small>" + Html.escape(row.formula()) + "</small>";
            add(clean == null ? "<tr>" : "<tr class=\"first\">");
            add("<th scope=\"row\">%s</th><td class=\"left\">%s</td>"
                    .formatted(clean == null ? "" : name, row.scenario().title()));
            add("<td>" + withInterval(clean) + "</td><td>" + withInterval(row.cleanAttacked()) + "</td>");
            for (int c : shown) {
                cell(row.cells().get(c));
            }
            add("</tr>\n");
        }
        add("</tbody></table></div>\n");
    }

    private void cell(ResultTable.Cell cell) {
        Proportion accuracy = cell.accuracy();
        String text = accuracy == null ? Html.escape(cell.text()) : withInterval(accuracy);
        add(cell.best() ? "<td class=\"best\"><b>" + text + "</b></td>" : "<td>" + text + "</td>");
    }

    private void curves() {
        List<String> attacks = RobustnessChart.attacks(evaluation);
        if (attacks.isEmpty()) {
            return;
        }
        add("<h2>Accuracy against perturbation</h2>\n"
                + "<p>The further right, the more an image may be changed; a robust model stays high. Bands are 95"
                + " % intervals; rest on a dot to read its numbers.</p>\n"
                + "<div class=\"charts\">\n");
        for (String attack : attacks) {
            RobustnessChart chart = new RobustnessChart(evaluation, attack);
            figure(attack, "Scenario 1, the model itself is attacked", chart, List.of(Scenario.DIRECT));
            if (chart.has(Scenario.COMPOSITE)) {
                figure(
                        attack,
                        "Scenario 2, the retrieval is attacked: (a) pure transfer, (b, dashed) scored on the model",
                        chart,
                        List.of(Scenario.TRANSFER, Scenario.COMPOSITE));
            }
        }
        add("</div>\n");
    }

    private void figure(String attack, String caption, RobustnessChart chart, List<Scenario> scenarios) {
        add("<figure>" + chart.svg(Attacks.title(attack) + ": " + caption, scenarios) + "<figcaption><b>"
                + Html.escape(Attacks.title(attack)) + "</b>, " + Html.escape(caption) + "</figcaption></figure>\n");
    }

    private void gallery() {
        for (ModelEvaluation model : evaluation.models()) {
            if (!model.gallery().isEmpty()) {
                add("<h2>What " + Html.escape(model.name())
                        + " retrieves</h2>\n"
                        + "<p>Each query with its nearest candidates, nearest first, as in Figure 4 of the"
                        + " paper. Under a neighbour: its class and its attention weight. A green frame is the"
                        + " query's true class, a red frame with ✗ another one. Shown is the first image of"
                        + " each class that the model gets right and the attack fooled, with the nearest"
                        + " adversarial image found.</p>\n");
                add(new Gallery(evaluation).html(model));
            }
        }
    }

    private void retrieval() {
        if (evaluation.models().stream().allMatch(model -> model.retrieval() == null)) {
            return;
        }
        add("<h2>Retrieval</h2>\n");
        for (ModelEvaluation model : evaluation.models()) {
            NeighbourQuality quality = model.retrieval();
            if (quality == null) {
                continue;
            }
            add(
                    "<p><b>%s.</b> Engine <code>%s</code> over %s candidates, recall %s. On clean images %s %% of the %s neighbours have the query's class, their majority is right for %s %%, and the attention has an entropy of %s of at most %s nats.</p>%n"
                            .formatted(
                                    Html.escape(model.name()),
                                    Html.escape(quality.engine()),
                                    count(quality.candidates()),
                                    recall(quality),
                                    Numbers.percent(quality.purity()),
                                    quality.k(),
                                    Numbers.percent(quality.vote().value()),
                                    Numbers.plain(quality.attentionEntropy()),
                                    Numbers.plain(Math.log(quality.k()))));
            add("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th class=\"left\" scope=\"col\">attack</th><th"
                    + " class=\"left\" scope=\"col\">scenario</th><th scope=\"col\">images fooled</th><th"
                    + " scope=\"col\">purity, %</th><th scope=\"col\">neighbours exchanged, %</th><th"
                    + " scope=\"col\">attention entropy</th><th scope=\"col\">zero gradients,"
                    + " %</th></tr></thead><tbody>\n");
            for (AttackEvaluation attack : model.attacks()) {
                NeighbourShift shift = attack.neighbours();
                add("<tr><th scope=\"row\">%s</th><td class=\"left\">%s</td>"
                        .formatted(
                                Html.escape(Attacks.title(attack.attack())),
                                attack.scenario().title()));
                add(
                        shift == null
                                ? "<td>0</td><td>–</td><td>–</td><td>–</td>"
                                : "<td>%s</td><td>%s → %s</td><td>%s</td><td>%s → %s</td>"
                                        .formatted(
                                                count(shift.n()),
                                                Numbers.percent(shift.purityBefore()),
                                                Numbers.percent(shift.purityAfter()),
                                                Numbers.percent(shift.churn()),
                                                Numbers.plain(shift.entropyBefore()),
                                                Numbers.plain(shift.entropyAfter())));
                add("<td>" + Numbers.percent(attack.zeroGradientShare()) + "</td></tr>\n");
            }
            add("</tbody></table></div>\n");
        }
        add("<p class=\"note\">Means over the images that the attack fooled, from the clean image → to the nearest"
                + " adversarial one.</p>\n");
    }

    private static String recall(NeighbourQuality quality) {
        return quality.recallQueries() == 0
                ? "1 (exact search)"
                : String.format(
                        Locale.ROOT,
                        "%.4f against exact search on %,d queries",
                        quality.recall(),
                        quality.recallQueries());
    }

    private void training() {
        List<ModelEvaluation> trained = evaluation.models().stream()
                .filter(model -> !model.training().isEmpty())
                .toList();
        if (trained.isEmpty()) {
            return;
        }
        add("<h2>Training</h2>\n<div class=\"charts\">\n");
        for (ModelEvaluation model : trained) {
            add("<figure>" + TrainingCurve.svg(model.training()) + "<figcaption><b>" + Html.escape(model.name())
                    + "</b>, accuracy by epoch</figcaption></figure>\n");
        }
        add("</div>\n");
    }

    private void reading() {
        add("<h2>How to read this</h2>\n<ul>\n");
        for (Scenario scenario : Scenario.values()) {
            boolean used = evaluation.models().stream()
                    .flatMap(model -> model.attacks().stream())
                    .anyMatch(attack -> attack.scenario() == scenario);
            if (used) {
                add("<li><b>" + scenario.title() + "</b>: " + Html.escape(scenario.explanation()) + ".</li>\n");
            }
        }
        if (evaluation.models().stream().anyMatch(model -> model.retrieval() != null)) {
            add("<li>Against a RaCNN these scenarios are <b>gray-box</b>: retrieval passes no gradient, so an"
                    + " attacker who works with gradients alone does not see how to exchange the neighbours. An"
                    + " attack made for retrieval, with the candidate set in hand, can be stronger. Read these"
                    + " numbers as an upper bound of robustness.</li>\n");
        }
        add("<li>An attack bounds robustness from above, never from below: a better attack can only lower the"
                + " curves.</li>\n");
        add(
                "<li>Normalised L2 (MSD) is the mean squared difference of the pixel values over the squared width of their range; the L2 norm of a perturbation is √(%s · MSD). The attack keeps all pixels within the range.</li>\n"
                        .formatted(count(evaluation.dimension())));
        add("<li>Every adversarial image was classified once more, by itself, before it was counted.</li>\n</ul>\n");
    }

    private void configuration() {
        add("<h2>Repeat it</h2>\n<pre>" + Html.escape(evaluation.command()) + "</pre>\n");
        pairs("Environment", evaluation.environment());
        evaluation.models().stream()
                .flatMap(model -> model.attacks().stream())
                .map(attack -> Map.entry(attack.attack(), attack.settings()))
                .distinct()
                .forEach(attack -> pairs(
                        "Attack " + Attacks.title(attack.getKey()) + ", suite " + evaluation.suite(),
                        attack.getValue()));
        evaluation.models().forEach(model -> pairs("Model " + model.name(), model.configuration()));
    }

    private void pairs(String title, Map<String, String> settings) {
        if (settings.isEmpty()) {
            return;
        }
        add("<details><summary>" + Html.escape(title) + "</summary><table class=\"pairs\"><tbody>\n");
        settings.forEach((name, value) ->
                add("<tr><th scope=\"row\">" + Html.escape(name) + "</th><td>" + Html.escape(value) + "</td></tr>\n"));
        add("</tbody></table></details>\n");
    }

    private static String withInterval(@Nullable Proportion share) {
        return share == null ? "" : Numbers.percent(share.value()) + "<small>" + Numbers.interval(share) + "</small>";
    }

    private static String count(int n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private void add(String text) {
        html.append(text);
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
