package dev.racnn.report;

import dev.racnn.attack.ThreatModel;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.Proportion;
import dev.racnn.evaluation.PublishedAccuracy;
import dev.racnn.evaluation.RobustnessCurve;
import dev.racnn.evaluation.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The table of an evaluation as in the paper: one row for each model and scenario, one column for each attack and distance.
 *
 * @param columns from left to right
 * @param rows from top to bottom
 */
record ResultTable(List<Column> columns, List<Row> rows) {
    /**
     * A column.
     *
     * @param attack name
     * @param limit distance or budget, as printed
     * @param budget fixed budget; null for an attack that looks for the nearest image
     * @param threshold normalised L2 distance; NaN for a fixed budget, the median, or any distance
     */
    record Column(String attack, String limit, @Nullable ThreatModel budget, double threshold) {}

    /**
     * A row.
     *
     * @param model name
     * @param formula what it computes
     * @param scenario of the attacks
     * @param clean accuracy on all test images; null in the further rows of a model
     * @param cleanAttacked accuracy on the images that were attacked, before the attack; null in the further rows of a
     *     model, and if it was not attacked
     * @param published what the paper states of clean accuracy; null if nothing, and in the further rows of a model
     * @param cells one for each column
     */
    record Row(
            String model,
            String formula,
            Scenario scenario,
            @Nullable Proportion clean,
            @Nullable Proportion cleanAttacked,
            @Nullable Double published,
            List<Cell> cells) {
        Row with(List<Cell> others) {
            return new Row(model, formula, scenario, clean, cleanAttacked, published, others);
        }

        /** Whether the paper states anything that stands in this row. */
        boolean isPublished() {
            return published != null || cells.stream().anyMatch(cell -> cell.published != null);
        }
    }

    /**
     * A cell.
     *
     * @param accuracy robust accuracy; null if the attack was not run, or the cell holds a distance
     * @param text what is printed
     * @param best whether it is the highest of its column, when every model counts with the lowest accuracy that an
     *     attacker of the model itself leaves
     * @param published what the paper states; null if nothing
     */
    record Cell(
            @Nullable Proportion accuracy,
            String text,
            boolean best,
            @Nullable Double published) {}

    private static final int ATTACKS_OF_A_PART = 2;

    private static final String MEDIAN = "median L2";

    /** The limit of attacks that no distance describes, such as rotations. */
    private static final String ANY = "any";

    static ResultTable of(Evaluation evaluation) {
        List<Column> columns = columns(evaluation);
        List<Row> rows = new ArrayList<>();
        for (ModelEvaluation model : evaluation.models()) {
            Set<Scenario> scenarios = new LinkedHashSet<>();
            model.attacks().forEach(attack -> scenarios.add(attack.scenario()));
            if (scenarios.isEmpty()) {
                scenarios.add(Scenario.DIRECT);
            }
            for (Scenario scenario : scenarios) {
                boolean first = scenario == scenarios.iterator().next();
                rows.add(new Row(
                        model.name(),
                        model.formula(),
                        scenario,
                        first ? model.clean() : null,
                        first && !model.attacks().isEmpty()
                                ? model.attacks().getFirst().clean()
                                : null,
                        first ? publishedClean(evaluation, model.name()) : null,
                        columns.stream()
                                .map(column -> cell(evaluation, model, scenario, column))
                                .toList()));
            }
        }
        return new ResultTable(columns, markBest(rows));
    }

    /** The attacks, each once. */
    List<String> attacks() {
        return columns.stream().map(Column::attack).distinct().toList();
    }

    /** How many columns an attack has. */
    long columnsOf(String attack) {
        return columns.stream().filter(column -> column.attack.equals(attack)).count();
    }

    /** The table in parts of two attacks each, so that that of a long suite stays readable. */
    List<ResultTable> parts() {
        List<ResultTable> parts = new ArrayList<>();
        for (int from = 0; from < attacks().size(); from += ATTACKS_OF_A_PART) {
            List<String> attacks = attacks()
                    .subList(from, Math.min(from + ATTACKS_OF_A_PART, attacks().size()));
            int[] kept = IntStream.range(0, columns.size())
                    .filter(c -> attacks.contains(columns.get(c).attack))
                    .toArray();
            parts.add(new ResultTable(
                    at(columns, kept),
                    rows.stream().map(row -> row.with(at(row.cells, kept))).toList()));
        }
        return parts;
    }

    private static <T> List<T> at(List<T> all, int... places) {
        return IntStream.of(places).mapToObj(all::get).toList();
    }

    private static List<Column> columns(Evaluation evaluation) {
        Set<Column> columns = new LinkedHashSet<>();
        for (ModelEvaluation model : evaluation.models()) {
            for (AttackEvaluation attack : model.attacks()) {
                if (attack.budget() != null) {
                    columns.add(
                            new Column(attack.attack(), Numbers.budget(attack.budget()), attack.budget(), Double.NaN));
                } else if (attack.thresholds().isEmpty()) {
                    columns.add(new Column(attack.attack(), ANY, null, Double.NaN));
                } else {
                    attack.thresholds()
                            .forEach(threshold -> columns.add(
                                    new Column(attack.attack(), Numbers.scientific(threshold), null, threshold)));
                    columns.add(new Column(attack.attack(), MEDIAN, null, Double.NaN));
                }
            }
        }
        return List.copyOf(columns);
    }

    private static Cell cell(Evaluation evaluation, ModelEvaluation model, Scenario scenario, Column column) {
        for (AttackEvaluation attack : model.attacks()) {
            if (attack.scenario() == scenario
                    && attack.attack().equals(column.attack)
                    && Objects.equals(attack.budget(), column.budget)) {
                if (column.budget != null || column.limit.equals(ANY)) {
                    return accuracy(attack.unbroken(), null);
                }
                if (column.limit.equals(MEDIAN)) {
                    RobustnessCurve curve = attack.curve();
                    return new Cell(
                            null, Numbers.plain(Math.sqrt(evaluation.dimension() * curve.median())), false, null);
                }
                if (attack.thresholds().contains(column.threshold)) {
                    return accuracy(
                            attack.curve().at(column.threshold),
                            published(evaluation, model.name(), scenario, column.attack, column.threshold));
                }
            }
        }
        return new Cell(null, "–", false, null);
    }

    private static Cell accuracy(Proportion accuracy, @Nullable Double published) {
        return new Cell(accuracy, Numbers.percent(accuracy.value()), false, published);
    }

    private static @Nullable Double publishedClean(Evaluation evaluation, String model) {
        return evaluation.published().stream()
                .filter(number ->
                        number.model().equals(model) && number.attack().isEmpty())
                .map(PublishedAccuracy::accuracy)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Double published(
            Evaluation evaluation, String model, Scenario scenario, String attack, double msd) {
        return evaluation.published().stream()
                .filter(number -> number.model().equals(model)
                        && number.scenario() == scenario
                        && number.attack().equals(attack)
                        && number.msd() == msd)
                .map(PublishedAccuracy::accuracy)
                .findFirst()
                .orElse(null);
    }

    private static List<Row> markBest(List<Row> rows) {
        return rows.stream().map(row -> markBest(rows, row)).toList();
    }

    private static Row markBest(List<Row> rows, Row row) {
        List<Cell> cells = new ArrayList<>();
        for (int c = 0; c < row.cells.size(); c++) {
            Cell cell = row.cells.get(c);
            boolean best = row.scenario != Scenario.TRANSFER
                    && cell.accuracy != null
                    && cell.accuracy.value() > 0
                    && cell.accuracy.value() == lowest(rows, row.model, c)
                    && cell.accuracy.value() == highest(rows, c);
            cells.add(new Cell(cell.accuracy, cell.text, best, cell.published));
        }
        return row.with(cells);
    }

    /** The best of all models in a column. */
    private static double highest(List<Row> rows, int column) {
        return rows.stream()
                .mapToDouble(row -> lowest(rows, row.model, column))
                .max()
                .orElse(0);
    }

    /** A model in its worst scenario; 0 if it was not attacked. The attacker of Scenario 2 (a) does not see the model. */
    private static double lowest(List<Row> rows, String model, int column) {
        return rows.stream()
                .filter(row -> row.model.equals(model) && row.scenario != Scenario.TRANSFER)
                .map(row -> row.cells.get(column).accuracy)
                .filter(Objects::nonNull)
                .mapToDouble(Proportion::value)
                .min()
                .orElse(0);
    }
}
