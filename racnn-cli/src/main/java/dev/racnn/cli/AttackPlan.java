package dev.racnn.cli;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackReport;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.AutoAttack;
import dev.racnn.attack.autoattack.SuiteResult;
import dev.racnn.attack.modern.ModernProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code racnn attack} is to run: one attack that serves all budgets at once, or an attack or a suite for each budget.
 *
 * @param steps one for each budget, or a single one for all
 * @param budgets at which robust accuracy is stated
 * @param perBudget whether there is a step for each budget
 */
record AttackPlan(List<Step> steps, List<ThreatModel> budgets, boolean perBudget) {
    private static final Map<String, AutoAttack.Version> SUITES = Map.of(
            "autoattack", AutoAttack.Version.STANDARD,
            "autoattack-plus", AutoAttack.Version.PLUS,
            "autoattack-rand", AutoAttack.Version.RAND);

    AttackPlan {
        steps = List.copyOf(steps);
        budgets = List.copyOf(budgets);
    }

    /** One run of something. */
    @FunctionalInterface
    interface Step {
        /** Attacks the examples. */
        Verdict run(AttackRunner runner, Examples examples) throws IOException;
    }

    /** The outcome of a step, and what the user should know about its worth. */
    record Verdict(AttackResult result, List<String> warnings) {}

    /**
     * What came out.
     *
     * @param result the only one, or that at the largest budget
     * @param budgets robustness at each
     * @param warnings in order
     */
    record Achieved(AttackResult result, List<AttackReport.Budget> budgets, List<String> warnings) {}

    /** A single attack whose distances tell of all budgets. */
    static AttackPlan of(Attack attack, List<ThreatModel> budgets) {
        Step step = (runner, examples) -> new Verdict(runner.run(attack, examples), List.of());
        return new AttackPlan(List.of(step), budgets, false);
    }

    /**
     * An attack or a suite of the modern profile.
     *
     * @throws IllegalArgumentException if there is none of this name, it does not know the norm, or it needs a budget and there is
     *     none
     */
    static AttackPlan modern(String name, Norm norm, List<ThreatModel> budgets) {
        AutoAttack.Version suite = SUITES.get(name);
        if (suite == null && !ModernProfile.isKnown(name)) {
            throw new IllegalArgumentException("attack must be one of %s in the modern profile, but is '%s'"
                    .formatted(
                            Stream.concat(ModernProfile.names().stream(), SUITES.keySet().stream())
                                    .sorted()
                                    .toList(),
                            name));
        }
        if (suite == null && !ModernProfile.needsBudget(name)) {
            return of(ModernProfile.attack(name, norm, Optional.empty()), budgets);
        }
        if (budgets.isEmpty()) {
            throw new IllegalArgumentException(
                    "attack '" + name + "' needs a budget, but no epsilon was given; give one, such as --epsilon 0.03");
        }
        return new AttackPlan(
                budgets.stream()
                        .map(budget -> suite == null
                                ? single(ModernProfile.attack(name, norm, Optional.of(budget.epsilon())), budget)
                                : suite(new AutoAttack(suite, budget), budget))
                        .toList(),
                budgets,
                true);
    }

    private static Step single(Attack attack, ThreatModel budget) {
        return (runner, examples) -> new Verdict(journalled(runner, budget).run(attack, examples), List.of());
    }

    private static Step suite(AutoAttack suite, ThreatModel budget) {
        return (runner, examples) -> {
            SuiteResult result = suite.run(journalled(runner, budget), examples);
            List<String> lines = new ArrayList<>();
            result.stages()
                    .forEach(stage -> lines.add(String.format(
                            Locale.ROOT,
                            "%s, %s: robust accuracy %.4f after %s",
                            result.worstCase().attack(),
                            budget,
                            stage.robustAccuracy(),
                            stage.attack())));
            result.flags().forEach(flag -> lines.add("warning: " + flag.message()));
            return new Verdict(result.worstCase(), lines);
        };
    }

    /** The runner with a journal for this budget alone, if it keeps one. */
    private static AttackRunner journalled(AttackRunner runner, ThreatModel budget) {
        Path journal = runner.journal();
        return journal == null
                ? runner
                : runner.withJournal(journal.resolveSibling(journal.getFileName() + "." + budget.epsilon()));
    }

    /** Runs everything. */
    Achieved run(AttackRunner runner, Examples examples) throws IOException {
        List<Verdict> verdicts = new ArrayList<>();
        for (Step step : steps) {
            verdicts.add(step.run(runner, examples));
        }
        List<String> warnings = verdicts.stream()
                .flatMap(verdict -> verdict.warnings().stream())
                .toList();
        if (!perBudget) {
            AttackResult only = verdicts.getFirst().result();
            return new Achieved(
                    only,
                    budgets.stream()
                            .map(budget -> AttackReport.Budget.of(budget, only))
                            .toList(),
                    warnings);
        }
        List<AttackReport.Budget> robust = new ArrayList<>();
        int largest = 0;
        for (int i = 0; i < verdicts.size(); i++) {
            List<Outcome> outcomes = verdicts.get(i).result().outcomes();
            robust.add(new AttackReport.Budget(
                    budgets.get(i),
                    outcomes.stream().map(outcome -> !outcome.success()).toList()));
            largest = budgets.get(i).epsilon() > budgets.get(largest).epsilon() ? i : largest;
        }
        return new Achieved(verdicts.get(largest).result(), robust, warnings);
    }
}
