package dev.racnn.attack.autoattack;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Examples;
import dev.racnn.attack.JournalPlace;
import dev.racnn.attack.Norm;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.Survivors;
import dev.racnn.attack.ThreatModel;
import dev.racnn.tensor.Seed;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * AutoAttack (Croce and Hein, 2020): several attacks within one ball, each on the examples that have withstood those before,
 * and a look for signs that their verdict is not to be trusted.
 *
 * @param version which attacks
 * @param budget the ball, in L1, L2 or LINF
 */
public record AutoAttack(Version version, ThreatModel budget) implements AttackSequence {
    private static final String NAME = "autoattack";

    /** Restarts of Auto-PGD and the untargeted boundary attack in the plus version. */
    private static final int PLUS_RESTARTS = 5;

    /** In L1 steps are slow, so that Auto-PGD begins more often, and towards fewer classes. */
    private static final int SPARSE_RESTARTS = 5;

    private static final int SPARSE_TARGETS = 5;

    /** What goes on where gradients are hidden. */
    private static final String LONG_SQUARE = "square-long";

    private static final Square.Settings LONG = new Square.Settings(20_000, 0.8, 1);

    /** Passes for classifiers that answer at random. */
    private static final int RANDOM_PASSES = 20;

    public AutoAttack {
        budget.norm().requireOneOf("autoattack", Norm.L1, Norm.L2, Norm.LINF);
    }

    /** The makings of the suite. */
    public enum Version {
        /** Auto-PGD on the cross-entropy and on the targeted ratio of logits, the targeted boundary attack, and Square. */
        STANDARD,
        /** The standard version and the untargeted attacks, with five restarts. */
        PLUS,
        /**
         * Auto-PGD on both losses with gradients averaged over 20 passes, for classifiers that answer at random. Every
         * success, and every decision on a clean image, is the vote of 20 passes.
         */
        RAND
    }

    /** {@code autoattack}, {@code autoattack-plus} or {@code autoattack-rand}. */
    @Override
    public String name() {
        return version == Version.STANDARD ? NAME : NAME + "-" + version.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Optional<ThreatModel> threatModel() {
        return Optional.of(budget);
    }

    @Override
    public boolean needsGradients() {
        return true;
    }

    @Override
    public List<Attack> attacks() {
        Apgd.Settings ascent = Apgd.Settings.STANDARD;
        return switch (version) {
            case STANDARD -> {
                boolean sparse = budget.norm() == Norm.L1;
                yield List.of(
                        Apgd.crossEntropy(budget, sparse ? ascent.withRestarts(SPARSE_RESTARTS) : ascent),
                        Apgd.targeted(budget, sparse ? ascent.withTargets(SPARSE_TARGETS) : ascent),
                        boundary(true, 1),
                        square());
            }
            case PLUS ->
                List.of(
                        Apgd.crossEntropy(budget, ascent.withRestarts(PLUS_RESTARTS)),
                        Apgd.logitsRatio(budget, ascent.withRestarts(PLUS_RESTARTS)),
                        boundary(false, PLUS_RESTARTS),
                        square(),
                        Apgd.targeted(budget, ascent),
                        boundary(true, 1));
            case RAND ->
                List.of(
                        Apgd.crossEntropy(budget, ascent.withPasses(RANDOM_PASSES)),
                        Apgd.logitsRatio(budget, ascent.withPasses(RANDOM_PASSES)));
        };
    }

    private Attack boundary(boolean targeted, int restarts) {
        return new Fab(targeted, budget, false, Fab.Settings.STANDARD.withRestarts(restarts));
    }

    private Attack square() {
        return new Square(budget, Square.Settings.STANDARD);
    }

    /**
     * Runs the attacks one after the other. Attacks whose loss needs more classes than the model has are left out, and
     * flagged. Where a flag says that gradients are hidden, images that are left go through 20,000 more queries of Square.
     *
     * @param given which classifier, and how; its journal, if it has one, becomes one file for each attack
     * @throws IllegalArgumentException as {@link AttackRunner#run}, also if there are no gradients
     */
    @Override
    public SuiteResult run(AttackRunner given, Examples examples) throws IOException {
        AttackRunner runner = version == Version.RAND ? given.withVotes(RANDOM_PASSES) : given;
        HealthCheck health = new HealthCheck(this, runner);
        health.before(examples);
        Survivors survivors = new Survivors(examples);
        for (Attack attack : attacks()) {
            if (!survivors.isEmpty() && health.isFeasible(attack)) {
                stage(runner, attack.name(), attack, survivors);
            }
        }
        health.after(survivors.stages());
        if (health.masked() && version != Version.RAND && !survivors.isEmpty()) {
            // Other random numbers: with the same ones, the first queries would be those of the shorter search.
            long other = new Seed(runner.settings().seed()).derive(LONG_SQUARE).value();
            stage(runner.withSeed(other), LONG_SQUARE, new Square(budget, LONG), survivors);
        }
        return new SuiteResult(survivors.stages(), health.flags(), survivors.worst(name(), this, budget, runner));
    }

    private void stage(AttackRunner runner, String name, Attack attack, Survivors survivors) throws IOException {
        JournalPlace journal = runner.journal();
        AttackRunner journalled = journal == null ? runner : runner.withJournal(journal.part(name));
        AttackResult result = journalled.run(attack, survivors.examples());
        // The boundary attack also finds points outside the ball, which do not count here.
        survivors.after(name, result, outcome -> outcome.within(budget));
    }
}
