package dev.racnn.report;

import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.Proportion;
import dev.racnn.evaluation.RobustnessCurve;
import dev.racnn.evaluation.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is left when for every image the attack counts that does best on it: the mean of the minima, which is below the
 * minimum of the means. Scenario 2 (a) is left out; its attacker knows nothing of the model.
 *
 * @param limits distances and budgets, as printed
 * @param rows one for each model with several attacks; empty if there is none
 */
record WorstCases(List<String> limits, List<Row> rows) {
    /**
     * A model.
     *
     * @param model name
     * @param accuracies one for each limit; empty at a budget within which the model was not attacked
     */
    record Row(String model, List<Optional<Proportion>> accuracies) {}

    static WorstCases of(Evaluation evaluation) {
        List<Double> thresholds = attacks(evaluation)
                .flatMap(attack -> attack.thresholds().stream())
                .distinct()
                .sorted()
                .toList();
        List<ThreatModel> budgets = attacks(evaluation)
                .map(AttackEvaluation::budget)
                .filter(Objects::nonNull)
                .filter(budget -> budget.norm() == Norm.L2 || budget.norm() == Norm.LINF)
                .distinct()
                .toList();
        boolean hasCurves =
                !thresholds.isEmpty() && evaluation.models().stream().allMatch(model -> model.worstCase() != null);
        List<Row> rows = evaluation.models().stream()
                .filter(WorstCases::hasSeveral)
                .map(model -> new Row(model.name(), accuracies(model, hasCurves ? thresholds : List.of(), budgets)))
                .filter(row -> row.accuracies().stream().anyMatch(Optional::isPresent))
                .toList();
        Stream<String> distances =
                hasCurves ? thresholds.stream().map(threshold -> "MSD " + Numbers.scientific(threshold)) : Stream.of();
        return new WorstCases(
                Stream.concat(distances, budgets.stream().map(Numbers::budget)).toList(), rows);
    }

    private static Stream<AttackEvaluation> attacks(Evaluation evaluation) {
        return evaluation.models().stream().flatMap(model -> model.attacks().stream());
    }

    private static boolean hasSeveral(ModelEvaluation model) {
        return model.attacks().stream()
                        .filter(attack -> attack.scenario() != Scenario.TRANSFER)
                        .count()
                > 1;
    }

    private static List<Optional<Proportion>> accuracies(
            ModelEvaluation model, List<Double> thresholds, List<ThreatModel> budgets) {
        List<Optional<Proportion>> accuracies = new ArrayList<>();
        RobustnessCurve curve = model.worstCase();
        if (curve != null) {
            thresholds.forEach(threshold -> accuracies.add(Optional.of(curve.at(threshold))));
        }
        for (ThreatModel budget : budgets) {
            // What other attacks happened to reach says little about a budget that none of them was given.
            boolean given = model.attacks().stream().anyMatch(attack -> budget.equals(attack.budget()));
            accuracies.add(given ? Optional.of(model.worstCase(budget)) : Optional.empty());
        }
        return accuracies;
    }
}
