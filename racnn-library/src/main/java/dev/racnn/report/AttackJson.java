package dev.racnn.report;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.SuiteResult;
import dev.racnn.evaluation.BudgetResult;
import dev.racnn.evaluation.BudgetSweep;
import dev.racnn.evaluation.Scenario;
import dev.racnn.evaluation.Subjects;
import dev.racnn.tensor.Device;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An {@link AttackReport} as JSON; scripts rely on the names. */
final class AttackJson {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<Distance> DISTANCES =
            List.of(Distance.MSD, Distance.L0, Distance.L1, Distance.L2, Distance.LINF);

    private AttackJson() {}

    static String text(AttackReport report) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(report)) + "\n";
    }

    private static ObjectNode json(AttackReport report) {
        BudgetSweep.Result sweep = report.sweep();
        boolean transfer = report.scenario() == Scenario.TRANSFER;
        SuiteResult result = sweep.largest();
        AttackResult worst = result.worstCase();
        ObjectNode node = JSON.createObjectNode()
                .put("model", report.model())
                .put("data", report.data())
                .put("attack", worst.attack())
                .put("profile", report.profile().toString())
                .put("scenario", report.scenario().number())
                .put("transfer", transfer)
                .put("criterion", worst.criterion())
                .put("gradients", worst.gradientPath());
        if (transfer) {
            node.put("never_attacked", sweep.neverAttacked());
        }
        node.set("settings", settings(worst, sweep.plan().distance()));
        node.put("device", Device.current().toString())
                .put("precision", name(report.precision()))
                .put("search_precision", name(Subjects.SEARCHED_IN))
                .put("seed", worst.seed())
                .put("sample", report.sample())
                .put("start", worst.outcomes().getFirst().index())
                .put("n", worst.outcomes().size())
                .put("clean_accuracy", worst.cleanAccuracy())
                .put("robust_accuracy", worst.robustAccuracy())
                .put("zero_gradient_share", worst.zeroGradientShare())
                .put("gradients_masked", result.masked())
                .put("seconds", sweep.seconds());
        ArrayNode examples = node.putArray("examples");
        for (int i = 0; i < worst.outcomes().size(); i++) {
            ObjectNode example = json(worst.outcomes().get(i));
            if (!result.stages().isEmpty()) {
                ArrayNode broken = example.putArray("broken_by");
                result.brokenBy(worst.outcomes().get(i).index()).forEach(broken::add);
            }
            if (!report.pictures().isEmpty() && worst.outcomes().get(i).success()) {
                example.put("png_still_adversarial", report.pictures().get(i));
            }
            examples.add(example);
        }
        if (!sweep.budgets().isEmpty()) {
            ArrayNode budgets = node.putArray("budgets");
            sweep.budgets().forEach(budget -> budgets.add(json(budget, transfer)));
        }
        ArrayNode curve = node.putArray("curve");
        AccuracyCurve points = report.curve();
        points.points().forEach(point -> curve.add(json(points, point)));
        return node;
    }

    /** The settings record, what is minimised or limited, and the budget that top-level results are of. */
    private static JsonNode settings(AttackResult worst, Distance objective) {
        ObjectNode node = record(worst.settings());
        node.put("norm", name(objective.norm())).put("objective", name(objective));
        worst.threatModel().ifPresent(budget -> node.put("epsilon", budget.epsilon()));
        return node;
    }

    private static ObjectNode record(Record settings) {
        return JSON.valueToTree(settings);
    }

    private static ObjectNode json(Outcome outcome) {
        ObjectNode node = JSON.createObjectNode()
                .put("index", outcome.index())
                .put("label", outcome.label())
                .put("clean_prediction", outcome.cleanPrediction())
                .put("success", outcome.success());
        for (Distance distance : DISTANCES) {
            double value = outcome.distance(distance);
            if (Double.isInfinite(value)) {
                node.putNull(name(distance));
            } else {
                node.put(name(distance), value);
            }
        }
        return node.put("queries", outcome.forwardQueries() + outcome.gradientQueries())
                .put("forward_queries", outcome.forwardQueries())
                .put("gradient_queries", outcome.gradientQueries())
                .put("unconfirmed", outcome.unconfirmed());
    }

    private static ObjectNode json(BudgetResult budget, boolean transfer) {
        SuiteResult result = budget.result();
        ObjectNode node = JSON.createObjectNode()
                .put("norm", name(budget.threatModel().norm()))
                .put("epsilon", budget.threatModel().epsilon())
                .put("robust_accuracy", budget.robustAccuracy())
                .put("upper_bound", budget.upperBound())
                .put("zero_gradient_share", result.worstCase().zeroGradientShare())
                .put("gradients_masked", result.masked());
        ArrayNode robust = node.putArray("robust");
        budget.robust().forEach(robust::add);
        if (!result.stages().isEmpty()) {
            node.put("stages_of", transfer ? "surrogate" : "model");
            ArrayNode stages = node.putArray("stages");
            result.stages().forEach(stage -> stages.add(json(stage)));
            ArrayNode remarks = node.putArray("remarks");
            result.remarks().forEach(remarks::add);
            ArrayNode flags = node.putArray("flags");
            result.flags()
                    .forEach(flag ->
                            flags.addObject().put("kind", name(flag.kind())).put("message", flag.message()));
        }
        return node;
    }

    private static ObjectNode json(SuiteResult.Stage stage) {
        ObjectNode node = JSON.createObjectNode()
                .put("attack", stage.attack())
                .put("attacked", stage.attacked())
                .put("robust_accuracy", stage.robustAccuracy())
                .put("zero_gradient_share", stage.result().zeroGradientShare());
        node.set("settings", record(stage.result().settings()));
        return node;
    }

    private static ObjectNode json(AccuracyCurve curve, AccuracyCurve.Point point) {
        ObjectNode node = JSON.createObjectNode().put(name(curve.norm()), point.size());
        if (!Double.isNaN(point.msd())) {
            node.put("msd", point.msd());
        }
        return node.put("robust_accuracy", curve.accuracy(point));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
