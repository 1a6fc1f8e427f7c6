package dev.racnn.cli;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackReport.Budget;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.AutoAttack;
import dev.racnn.attack.autoattack.SuiteResult;
import dev.racnn.attack.modern.ModernProfile;
import dev.racnn.attack.paper.PaperProfile;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The runs that an attack on the command line stands for: one for an attack that looks for the nearest adversarial
 * point, whose robust accuracy at each budget follows from the distances; one for each budget for an attack or a suite that
 * needs one.
 *
 * @param runs at least one
 * @param budgets at which robust accuracy is stated; as many as runs if these have budgets
 */
record AttackChoice(List<Run> runs, List<ThreatModel> budgets) {
    private static final Map<String, AutoAttack.Version> SUITES = Map.of(
            "autoattack", AutoAttack.Version.STANDARD,
            "autoattack-plus", AutoAttack.Version.PLUS,
            "autoattack-rand", AutoAttack.Version.RAND);

    /** Whose semantics an attack has. */
    enum Profile {
        /** Foolbox at the revision that the paper used. */
        PAPER,
        /** Foolbox 3.3.4 and AutoAttack a392200. */
        MODERN
    }

    /** One run over the examples. */
    sealed interface Run {
        /** Its budget, if it has one. */
        Optional<ThreatModel> threatModel();

        /**
         * Attacks the examples.
         *
         * @param notes for what the user should know beside the result
         */
        AttackResult run(AttackRunner runner, Examples examples, PrintWriter notes) throws IOException;
    }

    /** A run of a single attack. */
    private record Single(Attack attack) implements Run {
        @Override
        public Optional<ThreatModel> threatModel() {
            return attack.threatModel();
        }

        @Override
        public AttackResult run(AttackRunner runner, Examples examples, PrintWriter notes) throws IOException {
            return runner.run(attack, examples);
        }
    }

    /** A run of AutoAttack, which tells of its stages and warnings. */
    private record Suite(AutoAttack attacks) implements Run {
        @Override
        public Optional<ThreatModel> threatModel() {
            return Optional.of(attacks.budget());
        }

        @Override
        public AttackResult run(AttackRunner runner, Examples examples, PrintWriter notes) throws IOException {
            SuiteResult result = attacks.run(runner, examples);
            for (SuiteResult.Stage stage : result.stages()) {
                notes.printf(
                        Locale.ROOT,
                        "%s: robust accuracy %.4f after %s%n",
                        attacks.budget(),
                        stage.robustAccuracy(),
                        stage.attack());
            }
            result.flags().forEach(flag -> notes.println("warning: " + flag.message()));
            return result.worstCase();
        }
    }

    /**
     * Finds the attack of a name.
     *
     * @throws IllegalArgumentException if there is none of this name in the profile, it does not know the norm, or a budget is
     *     impossible or missing
     */
    static AttackChoice of(Profile profile, String name, Norm norm, List<Double> epsilons) {
        List<ThreatModel> budgets =
                epsilons.stream().map(epsilon -> new ThreatModel(norm, epsilon)).toList();
        return switch (profile) {
            case PAPER -> new AttackChoice(List.of(new Single(PaperProfile.attack(name))), budgets);
            case MODERN -> modern(name, norm, budgets);
        };
    }

    /**
     * One attack by its name.
     *
     * @param epsilon budget of an attack that needs one
     * @throws IllegalArgumentException if there is none of this name in the profile, or it does not know the norm
     */
    static Attack single(Profile profile, String name, Norm norm, double epsilon) {
        return switch (profile) {
            case PAPER -> PaperProfile.attack(name);
            case MODERN ->
                ModernProfile.attack(
                        name, norm, ModernProfile.needsBudget(name) ? Optional.of(epsilon) : Optional.empty());
        };
    }

    private static AttackChoice modern(String name, Norm norm, List<ThreatModel> budgets) {
        AutoAttack.Version version = SUITES.get(name);
        if (version != null) {
            return forEach(budgets, name, budget -> new Suite(new AutoAttack(version, budget)));
        }
        if (!ModernProfile.isKnown(name)) {
            List<String> known = Stream.concat(ModernProfile.names().stream(), SUITES.keySet().stream())
                    .sorted()
                    .toList();
            throw new IllegalArgumentException(
                    "attack must be one of " + known + " in the modern profile, but is '" + name + "'");
        }
        if (ModernProfile.needsBudget(name)) {
            return forEach(
                    budgets,
                    name,
                    budget -> new Single(ModernProfile.attack(name, norm, Optional.of(budget.epsilon()))));
        }
        return new AttackChoice(List.of(new Single(ModernProfile.attack(name, norm, Optional.empty()))), budgets);
    }

    private static AttackChoice forEach(List<ThreatModel> budgets, String name, Function<ThreatModel, Run> run) {
        if (budgets.isEmpty()) {
            throw new IllegalArgumentException(
                    "attack '" + name + "' needs a budget, but there is none; give one, such as --epsilon 0.03");
        }
        return new AttackChoice(budgets.stream().map(run).toList(), budgets);
    }

    /**
     * Robust accuracy at each budget.
     *
     * @param results one for each run
     */
    List<Budget> robustness(List<AttackResult> results) {
        return IntStream.range(0, budgets.size())
                .mapToObj(i -> runs.getFirst().threatModel().isEmpty()
                        ? Budget.of(budgets.get(i), results.getFirst())
                        : new Budget(
                                budgets.get(i),
                                results.get(i).outcomes().stream()
                                        .map(outcome -> !outcome.success())
                                        .toList()))
                .toList();
    }
}
