package dev.racnn.attack;

import dev.racnn.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code attack --json} writes: how an attack was run, what it achieved on each example, and the robust accuracy at
 * fixed budgets.
 *
 * @param model as named on the command line
 * @param data as named on the command line
 * @param profile {@code paper} or {@code modern}
 * @param scenario 1 or 2, section 3.1 of the paper
 * @param transfer whether the surrogate was attacked and the model only shown the result, Scenario 2 (a)
 * @param start index of the first example
 * @param seconds that the attack took
 * @param result without budgets or, for an attack that is run once for each budget, the result at the largest one
 * @param budgets in the order asked for
 */
public record AttackReport(
        String model,
        String data,
        String profile,
        int scenario,
        boolean transfer,
        int start,
        double seconds,
        SuiteResult result,
        List<Budget> budgets) {
    private static final JsonMapper JSON = JsonMapper.shared();

    public AttackReport {
        budgets = List.copyOf(budgets);
    }

    /**
     * Robustness at a fixed budget.
     *
     * @param threatModel the budget
     * @param robust for each example, whether no adversarial point was found within it
     * @param stages of a suite that was run at this budget; empty for one attack
     * @param flags signs that the suite's verdict is not to be trusted
     */
    public record Budget(
            ThreatModel threatModel, List<Boolean> robust, List<SuiteResult.Stage> stages, List<HealthFlag> flags) {
        public Budget {
            robust = List.copyOf(robust);
            stages = List.copyOf(stages);
            flags = List.copyOf(flags);
        }

        /**
         * What a result says about a budget: that of the attack itself, which robust examples withstood, or one that only a
         * perturbation beyond it overcame.
         */
        public static Budget of(ThreatModel threatModel, SuiteResult result) {
            AttackResult worst = result.worstCase();
            boolean fixed = worst.threatModel().isPresent();
            Predicate<Outcome> isRobust = outcome -> fixed
                    ? !outcome.success()
                    : Distance.isBeyond(outcome.distance(threatModel.norm().distance()), threatModel.epsilon());
            return new Budget(
                    threatModel,
                    worst.outcomes().stream().map(isRobust::test).toList(),
                    result.stages(),
                    result.flags());
        }

        /** Share of the examples that are robust, in [0, 1]. */
        public double robustAccuracy() {
            return robust.stream().filter(isRobust -> isRobust).count() / (double) robust.size();
        }
    }

    /** Writes the report as JSON. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json()) + "\n");
    }

    private ObjectNode json() {
        AttackResult worst = result.worstCase();
        ObjectNode node = JSON.createObjectNode()
                .put("model", model)
                .put("data", data)
                .put("attack", worst.attack())
                .put("profile", profile)
                .put("scenario", scenario)
                .put("transfer", transfer)
                .put("criterion", worst.criterion())
                .put("gradients", worst.gradientPath());
        node.set("settings", JSON.<JsonNode>valueToTree(worst.settings()));
        node.put("seed", worst.seed())
                .put("start", start)
                .put("n", worst.outcomes().size())
                .put("clean_accuracy", worst.cleanAccuracy())
                .put("robust_accuracy", worst.robustAccuracy())
                .put("zero_gradient_share", worst.zeroGradientShare())
                .put("gradients_masked", result.masked())
                .put("seconds", seconds);
        ArrayNode examples = node.putArray("examples");
        worst.outcomes().forEach(outcome -> examples.add(json(outcome)));
        if (!budgets.isEmpty()) {
            ArrayNode list = node.putArray("budgets");
            budgets.forEach(budget -> list.add(json(budget)));
        }
        return node;
    }

    private static ObjectNode json(Outcome outcome) {
        ObjectNode node = JSON.createObjectNode()
                .put("index", outcome.index())
                .put("label", outcome.label())
                .put("clean_prediction", outcome.cleanPrediction())
                .put("success", outcome.success());
        for (Distance distance : List.of(Distance.MSD, Distance.L1, Distance.L2, Distance.LINF)) {
            String name = distance.name().toLowerCase(Locale.ROOT);
            double value = outcome.distance(distance);
            if (Double.isInfinite(value)) {
                node.putNull(name);
            } else {
                node.put(name, value);
            }
        }
        return node.put("queries", outcome.forwardQueries() + outcome.gradientQueries())
                .put("forward_queries", outcome.forwardQueries())
                .put("gradient_queries", outcome.gradientQueries());
    }

    private static ObjectNode json(Budget budget) {
        ObjectNode node = JSON.createObjectNode()
                .put("norm", budget.threatModel().norm().name().toLowerCase(Locale.ROOT))
                .put("epsilon", budget.threatModel().epsilon())
                .put("robust_accuracy", budget.robustAccuracy());
        ArrayNode robust = node.putArray("robust");
        budget.robust().forEach(robust::add);
        if (!budget.stages().isEmpty()) {
            ArrayNode stages = node.putArray("stages");
            budget.stages()
                    .forEach(stage -> stages.addObject()
                            .put("attack", stage.attack())
                            .put("attacked", stage.attacked())
                            .put("robust_accuracy", stage.robustAccuracy())
                            .put("zero_gradient_share", stage.result().zeroGradientShare()));
            ArrayNode flags = node.putArray("flags");
            budget.flags()
                    .forEach(flag -> flags.addObject()
                            .put("kind", flag.kind().name().toLowerCase(Locale.ROOT))
                            .put("message", flag.message()));
        }
        return node;
    }
}
