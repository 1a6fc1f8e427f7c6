package dev.racnn.report;

import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.attack.catalogue.Strength;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.NeighbourQuality;
import dev.racnn.evaluation.RobustnessCurve;
import dev.racnn.evaluation.Scenario;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What a reader must know to judge the numbers: what they mean, and where they must not be trusted. */
final class Notes {
    /** By how much accuracy an attack may fall behind a weaker one without raising suspicion. */
    private static final double SUSPICIOUS_GAIN = 0.02;

    private Notes() {}

    /** What was measured, in two lines. */
    static List<String> summary(Evaluation evaluation) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s: clean accuracy on %,d test images; attacks on n = %,d of them, %s; seed %d",
                evaluation.data(),
                testImages(evaluation),
                evaluation.attacked(),
                evaluation.sample(),
                evaluation.seed()));
        evaluation.models().stream()
                .flatMap(model -> model.attacks().stream())
                .map(AttackEvaluation::criterion)
                .filter(criterion -> !criterion.equals("misclassified"))
                .distinct()
                .forEach(criterion -> lines.add("Criterion " + criterion
                        + ": an image counts as right, clean or attacked, if its label is among so"
                        + " many largest logits"));
        lines.add(
                "Accuracy in % up to a normalised L2 distance (MSD); median L2: the norm that fools half of the images"
                        + " that the model gets right");
        if (!evaluation.complete()) {
            lines.add("INCOMPLETE: the evaluation was interrupted; start it again with the same folder to finish it");
        }
        return lines;
    }

    /** How many images clean accuracy was measured on. */
    static int testImages(Evaluation evaluation) {
        return evaluation.models().isEmpty()
                ? 0
                : evaluation.models().getFirst().clean().n();
    }

    /** {@code n = 1,000}: out of how many images. */
    static String count(int images) {
        return "n = " + Numbers.count(images);
    }

    /** The scenarios in which some model was attacked. */
    static List<Scenario> scenarios(Evaluation evaluation) {
        return evaluation.models().stream()
                .flatMap(model -> model.attacks().stream())
                .map(AttackEvaluation::scenario)
                .distinct()
                .sorted()
                .toList();
    }

    /** How many of the true neighbours the engine finds. */
    static String recall(NeighbourQuality quality) {
        return quality.recallQueries() == 0
                ? "1 (exact search)"
                : String.format(
                        Locale.ROOT,
                        "%.4f against exact search on %,d queries",
                        quality.recall(),
                        quality.recallQueries());
    }

    /** All settings under the titles of what they belong to; what has none is left out. */
    static Map<String, Map<String, String>> settings(Evaluation evaluation) {
        Map<String, Map<String, String>> all = new LinkedHashMap<>();
        all.put("Environment", evaluation.environment());
        for (ModelEvaluation model : evaluation.models()) {
            for (AttackEvaluation attack : model.attacks()) {
                String title = "Attack " + Attacks.title(attack.attack()) + ", suite " + evaluation.suite();
                all.put(
                        attack.budget() == null ? title : title + ", " + Numbers.budget(attack.budget()),
                        attack.settings());
            }
        }
        evaluation.models().forEach(model -> all.put("Model " + model.name(), model.configuration()));
        all.values().removeIf(Map::isEmpty);
        return all;
    }

    /** How many images each attack of a sequence has left to the next. */
    static List<String> stages(Evaluation evaluation) {
        List<String> lines = new ArrayList<>();
        for (ModelEvaluation model : evaluation.models()) {
            for (AttackEvaluation attack : model.attacks()) {
                if (!attack.stages().isEmpty()) {
                    int n = attack.examples().size();
                    lines.add("%s: of %s images %s"
                            .formatted(
                                    title(model, attack),
                                    n,
                                    attack.stages().stream()
                                            .map(stage -> "%s withstand %s"
                                                    .formatted(stage.survivors(), Attacks.title(stage.attack())))
                                            .collect(Collectors.joining(", "))));
                }
            }
        }
        return lines;
    }

    /** Which attacks were run on fewer images than the others, and how many images of Scenario 2 (a) were not attacked at all. */
    static List<String> images(Evaluation evaluation) {
        List<String> lines = new ArrayList<>(fewer(evaluation));
        lines.addAll(gathered(neverAttacked(evaluation)));
        return lines;
    }

    /** Lines that say the same of several things, after a colon, as one line that names them all. */
    private static List<String> gathered(List<String> lines) {
        Map<String, List<String>> said = new LinkedHashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(": ");
            said.computeIfAbsent(line.substring(colon + 2), _ -> new ArrayList<>())
                    .add(line.substring(0, colon));
        }
        return said.entrySet().stream()
                .map(entry -> String.join("; ", entry.getValue()) + ": " + entry.getKey())
                .toList();
    }

    private static List<String> fewer(Evaluation evaluation) {
        Map<String, IntSummaryStatistics> counts = new LinkedHashMap<>();
        for (ModelEvaluation model : evaluation.models()) {
            for (AttackEvaluation attack : model.attacks()) {
                counts.computeIfAbsent(Attacks.title(attack.attack()), _ -> new IntSummaryStatistics())
                        .accept(attack.examples().size());
            }
        }
        List<String> lines = new ArrayList<>();
        counts.forEach((title, count) -> {
            if (count.getMin() < evaluation.attacked()) {
                lines.add("%s was run on %s%s images"
                        .formatted(
                                title,
                                Numbers.count(count.getMin()),
                                count.getMin() == count.getMax() ? "" : " to " + Numbers.count(count.getMax())));
            }
        });
        return lines;
    }

    private static List<String> neverAttacked(Evaluation evaluation) {
        List<String> lines = new ArrayList<>();
        for (ModelEvaluation model : evaluation.models()) {
            for (AttackEvaluation attack : model.attacks()) {
                if (attack.neverAttacked() > 0) {
                    lines.add(
                            "%s: of %s images %s were never attacked, since the surrogate gets them wrong unperturbed; they count as robust"
                                    .formatted(
                                            title(model, attack),
                                            attack.examples().size(),
                                            attack.neverAttacked()));
                }
            }
        }
        return lines;
    }

    /** Which attack on which model. */
    private static String title(ModelEvaluation model, AttackEvaluation attack) {
        return "%s, %s%s, %s"
                .formatted(
                        model.name(),
                        Attacks.title(attack.attack()),
                        attack.budget() == null ? "" : " " + Numbers.budget(attack.budget()),
                        attack.scenario().title());
    }

    /** Where the numbers must not be trusted; empty if nothing is wrong. */
    static List<String> warnings(Evaluation evaluation) {
        List<String> warnings = new ArrayList<>();
        for (ModelEvaluation model : evaluation.models()) {
            for (AttackEvaluation attack : model.attacks()) {
                if (attack.masked()) {
                    warnings.add(String.format(
                            Locale.ROOT,
                            "%s: %.0f %% of the gradients are zero; the %s hides its gradients, and what this"
                                    + " attack leaves is no robustness",
                            title(model, attack),
                            100 * attack.zeroGradientShare(),
                            attack.scenario() == Scenario.DIRECT || attack.scenario() == Scenario.WHITE_BOX
                                    ? "model"
                                    : "surrogate"));
                }
                attack.flags().forEach(flag -> warnings.add(title(model, attack) + ": " + flag));
                withstandsEverything(model, attack, warnings);
            }
            compositeBeatsDirect(model, warnings);
            weakerBeatsStronger(model, warnings);
            decisionsBeatGradients(model, warnings);
        }
        return gathered(warnings);
    }

    /** Within the whole range of the pixels an image can become any other image. */
    private static void withstandsEverything(ModelEvaluation model, AttackEvaluation attack, List<String> warnings) {
        ThreatModel budget = attack.budget();
        int unbroken = attack.unbroken().count();
        if (budget != null
                && attack.scenario() != Scenario.TRANSFER
                && budget.norm() == Norm.LINF
                && budget.epsilon() >= 1
                && !attack.gradientPath().isEmpty()
                && unbroken > 0) {
            warnings.add("%s: %s images withstand a budget that nothing can withstand, so the attack is misled"
                    .formatted(title(model, attack), unbroken));
        }
    }

    /** Noise, a single step, or an attack without gradients should not succeed where iterated gradients fail. */
    private static void weakerBeatsStronger(ModelEvaluation model, List<String> warnings) {
        for (AttackEvaluation weak : model.attacks()) {
            for (AttackEvaluation strong : model.attacks()) {
                if (!isIterated(weak)
                        && isIterated(strong)
                        && weak.budget() != null
                        && weak.budget().equals(strong.budget())
                        && (weak.scenario() == strong.scenario() || strong.scenario() == Scenario.WHITE_BOX)
                        && strong.unbroken().value() - weak.unbroken().value() > SUSPICIOUS_GAIN) {
                    warnings.add("%s leaves %s %%, but %s %s %%: gradients are masked, or the stronger attack is misled"
                            .formatted(
                                    title(model, weak),
                                    Numbers.percent(weak.unbroken().value()),
                                    Attacks.title(strong.attack()),
                                    Numbers.percent(strong.unbroken().value())));
                }
            }
        }
    }

    private static boolean isIterated(AttackEvaluation attack) {
        // Attacks within a budget are of the modern profile.
        return isA(
                attack,
                kind -> kind.profile() == Profile.MODERN && kind.strength().compareTo(Strength.ITERATED) >= 0);
    }

    /** An attacker who knows the model should not gain by looking at a surrogate instead. */
    private static void compositeBeatsDirect(ModelEvaluation model, List<String> warnings) {
        for (AttackEvaluation direct : model.attacks()) {
            for (AttackEvaluation composite : model.attacks()) {
                if (direct.scenario() == Scenario.DIRECT
                        && composite.scenario() == Scenario.COMPOSITE
                        && direct.attack().equals(composite.attack())
                        && direct.budget() == null
                        && suspicious(direct.curve(), composite.curve(), direct.thresholds())
                                .isPresent()) {
                    warnings.add(
                            "%s, %s: gradients of the surrogate make the stronger attack; the model's own gradients are partly masked by retrieval, so read Scenario 1 together with Scenario 2 (b)"
                                    .formatted(model.name(), Attacks.title(direct.attack())));
                }
            }
        }
    }

    /** Decisions alone should not come nearer in L2 than gradients, step after step. */
    private static void decisionsBeatGradients(ModelEvaluation model, List<String> warnings) {
        List<AttackEvaluation> informed = nearest(model, Strength.ITERATED);
        if (informed.isEmpty()) {
            return;
        }
        for (AttackEvaluation blind : nearest(model, Strength.WITHOUT_GRADIENTS)) {
            List<RobustnessCurve> curves = ModelEvaluation.worstCases(List.of(informed, List.of(blind)));
            suspicious(curves.getFirst(), curves.getLast(), blind.thresholds())
                    .ifPresent(distance -> warnings.add(
                            "%s leaves %s %% within an MSD of %s, but of the same images %s %% withstand %s: gradients are masked, or the stronger attack is misled"
                                    .formatted(
                                            title(model, blind),
                                            left(curves.getLast(), distance),
                                            Numbers.scientific(distance),
                                            left(curves.getFirst(), distance),
                                            informed.stream()
                                                    .map(attack -> Attacks.title(attack.attack()))
                                                    .collect(Collectors.joining(", ")))));
        }
    }

    private static String left(RobustnessCurve curve, double distance) {
        return Numbers.percent(curve.at(distance).value());
    }

    /** The attacks of Scenario 1 of a strength that look for the nearest image in L2. */
    private static List<AttackEvaluation> nearest(ModelEvaluation model, Strength strength) {
        return model.attacks().stream()
                .filter(attack -> attack.scenario() == Scenario.DIRECT
                        && attack.budget() == null
                        && isA(attack, kind -> kind.norms().equals(List.of(Norm.L2)) && kind.strength() == strength))
                .toList();
    }

    /** Whether the catalogue has an attack of this name and kind. */
    private static boolean isA(AttackEvaluation attack, Predicate<AttackKind> which) {
        return Attacks.all().stream().anyMatch(kind -> kind.name().equals(attack.attack()) && which.test(kind));
    }

    /** The distance at which the second curve is farthest below the first, if that is suspiciously far. */
    private static Optional<Double> suspicious(RobustnessCurve first, RobustnessCurve second, List<Double> distances) {
        ToDoubleFunction<Double> gain =
                distance -> first.at(distance).value() - second.at(distance).value();
        return distances.stream()
                .max(Comparator.comparingDouble(gain))
                .filter(distance -> gain.applyAsDouble(distance) > SUSPICIOUS_GAIN);
    }
}
