package dev.racnn.adaptive;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Examples;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.HealthFlag;
import dev.racnn.attack.JournalPlace;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Start;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.Survivors;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.Apgd;
import dev.racnn.attack.autoattack.Square;
import dev.racnn.attack.modern.Estimated;
import dev.racnn.attack.modern.HopSkipJump;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Attacks on a RaCNN by somebody who knows all of it, the candidates included, and on their worst case for every example. Run it with
 * gradients of {@link KnownRacnn}; of another model, the members that know no RaCNN are left.
 *
 * @param name on the command line
 * @param budget the ball, in L2 or LINF
 * @param settings of the members
 * @param members in their order
 * @param eachOnAll whether every attack gets all examples, to see what each of them breaks; otherwise what those before it have left
 */
public record AdaptiveSuite(String name, ThreatModel budget, Settings settings, List<Member> members, boolean eachOnAll)
        implements AttackSequence {
    /** Passes and votes for models that answer at random. */
    private static final int RANDOM_PASSES = 20;

    /** By how much an attack without gradients may lower the robust accuracy without raising suspicion. */
    private static final double SUSPICIOUS_GAIN = 0.002;

    public AdaptiveSuite {
        members = List.copyOf(members);
    }

    /**
     * Settings.
     *
     * @param steps of each run of Auto-PGD through the retrieval, at least 1
     * @param targets how many wrong classes are aimed at, the likeliest first, at least 1
     * @param plainSteps of each run of Auto-PGD with neighbours held fast or gradients of the surrogate, at least 1
     * @param restarts of that with neighbours held fast, at least 1
     * @param queries about of each attack without gradients, at least 1
     */
    public record Settings(int steps, int targets, int plainSteps, int restarts, int queries) {
        /** 40 steps towards 9 targets, 100 plain steps with 5 restarts, 5,000 queries. */
        public static final Settings STANDARD = new Settings(40, 9, 100, 5, 5000);

        public Settings {
            if (steps < 1 || targets < 1 || plainSteps < 1 || restarts < 1 || queries < 1) {
                throw new IllegalArgumentException(
                        "steps, targets, plainSteps, restarts and queries must be at least 1, but are %s, %s, %s, %s and %s"
                                .formatted(steps, targets, plainSteps, restarts, queries));
            }
        }

        /** Auto-PGD through the retrieval, with so many runs for each target. */
        Apgd ascent(String name, Objective objective, ThreatModel budget, int runs, Start start) {
            return new Apgd(name, objective, budget, apgd(steps, runs), start);
        }

        /** Auto-PGD as on any model. */
        Apgd plain(String name, Objective objective, ThreatModel budget, int runs) {
            return new Apgd(name, objective, budget, apgd(plainSteps, runs));
        }

        /** The same with twice the steps. */
        Settings twice() {
            return new Settings(2 * steps, targets, plainSteps, restarts, queries);
        }

        /** The same towards so many classes at most. */
        Settings towards(int classes) {
            return new Settings(steps, Math.min(targets, classes), plainSteps, restarts, queries);
        }

        /** Square with several times the queries. */
        Square.Settings search(int times) {
            return new Square.Settings(times * queries, Square.Settings.STANDARD.share(), 1);
        }

        /** Steps of SPSA for about so many queries. */
        Estimated.Settings estimates() {
            Estimated.Settings standard = Estimated.Settings.STANDARD;
            return new Estimated.Settings(
                    Math.max(1, queries / (2 * standard.pairs() + 1)),
                    standard.pairs(),
                    standard.radius(),
                    standard.relativeStep(),
                    standard.momentum());
        }

        /** Steps of HopSkipJump for about so many queries: step i asks 100 sqrt(i) times. */
        int decisionSteps() {
            return (int) Math.max(1, Math.pow(1.5 * queries / HopSkipJump.Settings.MODERN.firstProbes(), 2 / 3.0));
        }

        private Apgd.Settings apgd(int iterations, int runs) {
            Apgd.Settings standard = Apgd.Settings.STANDARD;
            return new Apgd.Settings(iterations, runs, standard.rho(), targets, standard.passes());
        }
    }

    @Override
    public Optional<ThreatModel> threatModel() {
        return Optional.of(budget);
    }

    @Override
    public boolean needsGradients() {
        return attacks().stream().anyMatch(Attack::needsGradients);
    }

    @Override
    public List<Attack> attacks() {
        return attacks(true);
    }

    private List<Attack> attacks(boolean racnn) {
        return members.stream()
                .filter(member -> racnn || !member.knowing())
                .flatMap(member -> member.attacks(budget, settings).stream())
                .toList();
    }

    /** Those that a path makes possible: of other models only somebody knows who has them. */
    private List<Attack> attacks(@Nullable GradientPath path) {
        if (path == null || !(path.origin() instanceof KnownRacnn known)) {
            return attacks(false);
        }
        Stream<Attack> transfers = known.others().stream()
                .filter(_ -> members.contains(Member.TRANSFER))
                .map(other -> Member.transfer("transfer-" + other.name(), other.signal(), budget, settings));
        return Stream.concat(attacks(true).stream(), transfers).toList();
    }

    /**
     * Runs the attacks. Where the classifier answers at random, gradients are averaged and successes voted on, unless the runner says
     * how many votes there are.
     *
     * @param given its journal, if it has one, becomes one file for each attack
     * @throws IllegalArgumentException as {@link AttackRunner#run}, also if all members know a RaCNN and the gradients come from none
     */
    @Override
    public SuiteResult run(AttackRunner given, Examples examples) throws IOException {
        GradientPath path = given.gradients();
        if (path != null && members.stream().allMatch(Member::knowing)) {
            // Says why not.
            KnownRacnn.behind(path);
        }
        AttackRunner runner = forRandom(given, examples);
        Survivors survivors = new Survivors(examples);
        List<HealthFlag> flags = new ArrayList<>();
        double before = 1;
        for (Attack attack : attacks(path)) {
            if (survivors.isEmpty() && !eachOnAll) {
                break;
            }
            JournalPlace journal = runner.journal();
            AttackRunner own = journal == null ? runner : runner.withJournal(journal.part(attack.name()));
            Attack averaging = runner.settings().votes() == 1 ? attack : averaging(attack);
            AttackResult result = own.run(averaging, eachOnAll ? examples : survivors.examples());
            survivors.after(attack.name(), result, outcome -> outcome.within(budget));
            double after = survivors.stages().getLast().robustAccuracy();
            flag(attack, result, before - after, flags);
            before = after;
        }
        boolean knowing = path != null && path.origin() instanceof KnownRacnn && members.contains(Member.JOINT);
        List<String> remarks = knowing ? List.of(GradientAgreement.remark(runner, examples, budget)) : List.of();
        return new SuiteResult(survivors.stages(), flags, remarks, survivors.worst(name, settings, budget, runner));
    }

    private static AttackRunner forRandom(AttackRunner given, Examples examples) {
        GradientPath path = given.gradients();
        boolean random = examples.count() > 0 && !given.target().deterministic(examples.size());
        return random && path != null && given.settings().votes() == 1
                ? given.withVotes(RANDOM_PASSES).withGradients(path.averaged(RANDOM_PASSES))
                : given;
    }

    /** Random search, too, accepts by what several answers say together. */
    private static Attack averaging(Attack attack) {
        return attack instanceof Square search
                ? new Square(
                        search.name(), search.budget(), search.settings().withPasses(RANDOM_PASSES), search.start())
                : attack;
    }

    private static void flag(Attack attack, AttackResult result, double gain, List<HealthFlag> flags) {
        if (result.masked()) {
            flags.add(new HealthFlag(
                    HealthFlag.Kind.ZERO_GRADIENTS,
                    String.format(
                            Locale.ROOT,
                            "%.0f %% of the gradients of %s were zero or negligible; it says little",
                            100 * result.zeroGradientShare(),
                            attack.name())));
        }
        if (!attack.needsGradients() && gain > SUSPICIOUS_GAIN) {
            flags.add(new HealthFlag(
                    HealthFlag.Kind.GRADIENT_FREE_STRONGER,
                    String.format(
                            Locale.ROOT,
                            "%s, which uses no gradients, lowered the robust accuracy by %.2f points after the attacks"
                                    + " that do; run them longer",
                            attack.name(),
                            100 * gain)));
        }
    }
}
