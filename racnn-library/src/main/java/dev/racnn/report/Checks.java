package dev.racnn.report;

import dev.racnn.adaptive.Member;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.attack.catalogue.Strength;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.NeighbourShift;
import dev.racnn.evaluation.Scenario;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What readers should ask of an evaluation against attackers who know the defence (Carlini et al., 2019, "On evaluating adversarial
 * robustness"), and what was measured to answer it.
 *
 * @param model name
 * @param checks one by one
 */
record Checks(String model, List<Check> checks) {
    /** By how many points of accuracy twice the steps may change the worst case. */
    private static final double HALF_A_POINT = 0.005;

    /** By how much attacks without gradients may be ahead. */
    private static final double CHANCE = 0.002;

    Checks {
        checks = List.copyOf(checks);
    }

    /** How a question was answered. */
    enum Verdict {
        HOLDS("yes"),
        FAILS("no"),
        OPEN("not measured"),
        STATED("");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        /** What was measured, if anything was, holds or fails. */
        static Verdict of(boolean measured, boolean holds) {
            return !measured ? OPEN : holds ? HOLDS : FAILS;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A question.
     *
     * @param answer with the numbers
     */
    record Check(String question, Verdict verdict, String answer) {
        /** The answer as one text. */
        String text() {
            return verdict.toString() + (verdict == Verdict.STATED ? "" : ": ") + answer;
        }
    }

    /** Those of all models that somebody attacked who knows them; empty if there is none. */
    static List<Checks> of(Evaluation evaluation) {
        return evaluation.models().stream()
                .filter(model -> !adaptive(model).isEmpty())
                .map(Checks::of)
                .toList();
    }

    private static Checks of(ModelEvaluation model) {
        List<AttackEvaluation> adaptive = adaptive(model);
        List<Check> checks = new ArrayList<>();
        checks.add(new Check(
                "Does every image count by the attack that does best on it?",
                Verdict.HOLDS,
                "the worst case is the mean of the minima; an image is robust only if all attacks fail"));
        checks.add(singleStep(model, adaptive));
        checks.add(monotone(adaptive));
        checks.add(everything(adaptive));
        checks.add(twice(adaptive));
        checks.add(withoutGradients(adaptive));
        checks.add(gradients(adaptive));
        adaptive.stream()
                .flatMap(attack -> attack.remarks().stream()
                        .map(remark -> new Check(
                                "Do the gradients point where the answer changes?",
                                Verdict.STATED,
                                "at " + budget(attack) + ", " + remark)))
                .forEach(checks::add);
        adaptive.stream().map(Checks::neighbours).filter(Objects::nonNull).forEach(checks::add);
        return new Checks(model.name(), checks);
    }

    /** The attacks by somebody who knows the model, without those that come but as their foil. */
    private static List<AttackEvaluation> adaptive(ModelEvaluation model) {
        Set<String> names = Attacks.of(Profile.MODERN).stream()
                .filter(kind -> kind.strength() == Strength.ADAPTIVE)
                .map(AttackKind::name)
                .collect(Collectors.toSet());
        return model.attacks().stream()
                .filter(attack -> attack.budget() != null && names.contains(attack.attack()))
                .toList();
    }

    private static Check singleStep(ModelEvaluation model, List<AttackEvaluation> adaptive) {
        List<String> pairs = new ArrayList<>();
        boolean holds = true;
        for (AttackEvaluation strong : adaptive) {
            for (AttackEvaluation weak : model.attacks()) {
                if (weak.scenario() != Scenario.TRANSFER
                        && Objects.equals(weak.budget(), strong.budget())
                        && isWeak(weak.attack())) {
                    holds &= strong.unbroken().count() <= weak.unbroken().count();
                    pairs.add("%s leaves %s of %s, %s in %s %s at %s"
                            .formatted(
                                    Attacks.title(strong.attack()),
                                    strong.unbroken().count(),
                                    strong.unbroken().n(),
                                    Attacks.title(weak.attack()),
                                    weak.scenario().title(),
                                    weak.unbroken().count(),
                                    budget(strong)));
                }
            }
        }
        return new Check(
                "Are iterated attacks at least as strong as a single step and as noise?",
                Verdict.of(!pairs.isEmpty(), holds),
                pairs.isEmpty() ? "neither was run at the same budget" : String.join("; ", pairs));
    }

    private static boolean isWeak(String attack) {
        return Attacks.of(Profile.MODERN).stream()
                .anyMatch(kind -> kind.name().equals(attack)
                        && (kind.strength() == Strength.CHANCE || kind.strength() == Strength.SINGLE_STEP));
    }

    private static Check monotone(List<AttackEvaluation> adaptive) {
        boolean holds = true;
        boolean any = false;
        List<String> ladder = new ArrayList<>();
        for (Norm norm : Norm.values()) {
            List<AttackEvaluation> steps = adaptive.stream()
                    .filter(attack -> threat(attack).norm() == norm)
                    .sorted(Comparator.comparingDouble(attack -> threat(attack).epsilon()))
                    .toList();
            for (int i = 0; i < steps.size(); i++) {
                ladder.add("%s of %s at %s"
                        .formatted(
                                steps.get(i).unbroken().count(),
                                steps.get(i).unbroken().n(),
                                budget(steps.get(i))));
                if (i > 0) {
                    any = true;
                    holds &= steps.get(i).unbroken().value()
                            <= steps.get(i - 1).unbroken().value();
                }
            }
        }
        return new Check(
                "Does a larger budget leave no more than a smaller one?",
                Verdict.of(any, holds),
                String.join(", ", ladder));
    }

    private static Check everything(List<AttackEvaluation> adaptive) {
        List<AttackEvaluation> whole = adaptive.stream()
                .filter(attack ->
                        threat(attack).norm() == Norm.LINF && threat(attack).epsilon() >= 1)
                .toList();
        int left = whole.stream().mapToInt(attack -> attack.unbroken().count()).sum();
        return new Check(
                "Is nothing left where pixels may change at will?",
                Verdict.of(!whole.isEmpty(), left == 0),
                whole.isEmpty() ? "no budget covers the whole range of the pixels" : left + " images are left");
    }

    private static Check twice(List<AttackEvaluation> adaptive) {
        List<String> gains = new ArrayList<>();
        boolean holds = true;
        boolean any = false;
        for (AttackEvaluation attack : adaptive) {
            if (attack.unbroken().count() == 0) {
                continue;
            }
            int gained = gained(attack, Set.of(Member.TWICE_THE_STEPS));
            boolean ran =
                    attack.stages().stream().anyMatch(stage -> stage.attack().equals(Member.TWICE_THE_STEPS));
            if (ran) {
                any = true;
                holds &= (double) gained / attack.examples().size() < HALF_A_POINT;
                gains.add("%s of %s images more at %s"
                        .formatted(gained, attack.examples().size(), budget(attack)));
            }
        }
        return new Check(
                "Do twice the steps break less than half a point more?",
                Verdict.of(any, holds),
                any ? String.join(", ", gains) : "nothing was left to run them on");
    }

    private static Check withoutGradients(List<AttackEvaluation> adaptive) {
        Set<String> names = Attacks.of(Profile.MODERN).stream()
                .filter(kind -> kind.strength().compareTo(Strength.SINGLE_STEP) < 0)
                .map(AttackKind::name)
                .collect(Collectors.toSet());
        List<String> gains = new ArrayList<>();
        boolean holds = true;
        boolean any = false;
        for (AttackEvaluation attack : adaptive) {
            any |= attack.stages().stream().anyMatch(stage -> names.contains(stage.attack()));
            int gained = gained(attack, names);
            holds &= (double) gained / attack.examples().size() <= CHANCE;
            gains.add("%s images more at %s".formatted(gained, budget(attack)));
        }
        return new Check(
                "Do attacks without gradients find nothing that those with gradients have left?",
                Verdict.of(any, holds),
                any ? String.join(", ", gains) : "none was run");
    }

    /** How many images some of the stages broke that those before had left. */
    private static int gained(AttackEvaluation attack, Set<String> names) {
        int gained = 0;
        int before = attack.examples().size();
        for (AttackEvaluation.Stage stage : attack.stages()) {
            gained += names.contains(stage.attack()) ? before - stage.survivors() : 0;
            before = stage.survivors();
        }
        return gained;
    }

    private static Check gradients(List<AttackEvaluation> adaptive) {
        return new Check(
                "Do gradients say something?",
                adaptive.stream().anyMatch(AttackEvaluation::masked) ? Verdict.FAILS : Verdict.HOLDS,
                adaptive.stream()
                                .map(attack -> String.format(
                                        Locale.ROOT, "%.2f %% at %s", 100 * attack.zeroGradientShare(), budget(attack)))
                                .collect(Collectors.joining(", "))
                        + " are zero or negligible");
    }

    private static @Nullable Check neighbours(AttackEvaluation attack) {
        NeighbourShift shift = attack.neighbours();
        return shift == null
                ? null
                : new Check(
                        "What becomes of the neighbours?",
                        Verdict.STATED,
                        String.format(
                                Locale.ROOT,
                                "at %s, of the neighbours of %s fooled images %.0f %% are others than before; %.0f %%"
                                        + " have the true label, before %.0f %%",
                                budget(attack),
                                shift.n(),
                                100 * shift.churn(),
                                100 * shift.purityAfter(),
                                100 * shift.purityBefore()));
    }

    private static ThreatModel threat(AttackEvaluation attack) {
        return Objects.requireNonNull(attack.budget());
    }

    private static String budget(AttackEvaluation attack) {
        return Numbers.budget(threat(attack));
    }
}
