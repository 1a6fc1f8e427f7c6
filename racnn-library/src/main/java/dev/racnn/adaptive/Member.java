package dev.racnn.adaptive;

import dev.racnn.attack.Attack;
import dev.racnn.attack.Combination;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.Square;
import dev.racnn.attack.modern.Boundary;
import dev.racnn.attack.modern.Estimated;
import dev.racnn.attack.modern.Fmn;
import dev.racnn.attack.modern.HopSkipJump;
import dev.racnn.attack.modern.MomentumFgsm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The members of the adaptive suite: attacks that share an idea, on the examples that those before have left. */
public enum Member {
    /** Targeted Auto-PGD on the four terms at once, from the image, noise, the surrogate and candidates of the class. */
    JOINT("joint targeted APGD", true) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            Objective joint = of(budget.norm(), Term.JOINT);
            Start surrogate = Starts.climbed(Starts.IMAGE, Term.SURROGATE, budget, SURROGATE_STEPS);
            return List.of(
                    settings.ascent("joint", joint, budget, 1, Starts.IMAGE),
                    settings.ascent("joint-noise", joint, budget, 1, Starts.onSurface(budget)),
                    settings.ascent("joint-surrogate", joint, budget, 1, surrogate),
                    settings.ascent("joint-candidates", joint, budget, CANDIDATES, candidates(budget)));
        }
    },
    /** The four terms of the joint attack alone and in pairs, to tell which of them breaks what. */
    TERMS("terms of the joint attack", true) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            List<Attack> attacks = new ArrayList<>();
            for (Term term : Term.JOINT) {
                attacks.add(settings.ascent("term-" + term, term, budget, 1, Starts.IMAGE));
            }
            for (int i = 0; i < Term.JOINT.size(); i++) {
                for (Term other : Term.JOINT.subList(i + 1, Term.JOINT.size())) {
                    Term one = Term.JOINT.get(i);
                    Objective pair = of(budget.norm(), List.of(one, other));
                    attacks.add(settings.ascent("terms-" + one + "-" + other, pair, budget, 1, Starts.IMAGE));
                }
            }
            return attacks;
        }
    },
    /** Gradients with the neighbours of each point held fast, which is Auto-PGD as it attacks any model. */
    FROZEN("frozen neighbours", false) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            return List.of(
                    settings.plain("frozen-ce", Objectives.CROSS_ENTROPY, budget, settings.restarts()),
                    settings.plain("frozen-dlr", RATIO, budget, settings.restarts()));
        }
    },
    /** Targeted Auto-PGD with gradients of g'(phi'(x)), judged by the model: Scenario 2 (b). */
    COMPOSITE("composite APGD-T", true) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            return List.of(settings.plain("composite", Term.SURROGATE, budget, 1));
        }
    },
    /** Keys drawn towards those of candidates of a class, one class after the other. */
    MATCHING("feature matching", true) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            Objective matching = of(budget.norm(), List.of(Term.MATCHING, Term.LIKELIHOOD));
            return List.of(settings.ascent("matching", matching, budget, 1, Starts.IMAGE));
        }
    },
    /** Perturbations made to transfer, with momentum, along gradients of g'(phi'(x)) and of g(phi(x)). */
    TRANSFER("transfer with momentum", true) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            MomentumFgsm.Settings own = new MomentumFgsm.Settings(0.1, settings.steps(), 1, false, 0, 1);
            return List.of(
                    new MomentumFgsm(
                            "transfer-surrogate",
                            budget,
                            own,
                            Objectives.MARGIN.of(RacnnSignals.SURROGATE),
                            Starts.IMAGE),
                    new MomentumFgsm(
                            "transfer-features",
                            budget,
                            own,
                            Objectives.MARGIN.of(RacnnSignals.WITHOUT_RETRIEVAL),
                            Starts.IMAGE));
        }
    },
    /** The nearest point, through the straight-through path, from the bisected nearest candidate of a wrong class. */
    NEAREST("FMN from candidates", true) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            return List.of(new Fmn(
                    budget.norm(),
                    new Fmn.Settings(settings.plainSteps(), Fmn.Settings.MODERN.step(), Fmn.Settings.MODERN.gamma()),
                    Objectives.MARGIN.of(RacnnSignals.STRAIGHT_THROUGH),
                    Starts.bisected(new NearestCandidates(1), BISECTIONS)));
        }
    },
    /** Random search with logits, and gradients that are estimated from them. */
    SQUARE("Square and SPSA", false) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            Square.Settings search = new Square.Settings(settings.queries(), Square.Settings.STANDARD.share(), 1);
            return List.of(
                    new Square(budget, search), new Estimated(Estimated.Kind.SPSA, budget, settings.estimates()));
        }
    },
    /** Decisions alone, from the five nearest candidates of wrong classes. */
    DECISIONS("decision-based attacks from candidates", true) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            Start candidates = new NearestCandidates(DECISION_CANDIDATES);
            return List.of(
                    new HopSkipJump(
                            budget.norm(), HopSkipJump.Settings.MODERN.withSteps(settings.decisionSteps()), candidates),
                    new Boundary(Boundary.Settings.MODERN.withSteps(settings.queries()), candidates));
        }
    };

    private static final int SURROGATE_STEPS = 20;
    private static final int CANDIDATES = 2;
    private static final int MATCHING_STEPS = 10;
    private static final int BISECTIONS = 10;
    private static final int DECISION_CANDIDATES = 5;

    /** The difference of logits ratio; the margin where there are too few classes for it. */
    private static final Objective RATIO = Objective.of(
            "difference of logits ratio",
            (batch, aims) -> (batch.classes() < batch.depth() + 2 ? Objectives.MARGIN : Objectives.LOGITS_RATIO)
                    .losses(batch, aims)
                    .getFirst());

    private final String title;
    private final boolean knowing;

    Member(String title, boolean knowing) {
        this.title = title;
        this.knowing = knowing;
    }

    /** As reports call it. */
    public String title() {
        return title;
    }

    /** Whether it attacks a RaCNN that it knows from inside; the others attack any model. */
    public boolean knowing() {
        return knowing;
    }

    abstract List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings);

    private static Objective of(Norm norm, List<Term> terms) {
        return new Combination(norm, List.copyOf(terms));
    }

    /** Candidates of the class that is aimed at, drawn into the ball and nearer in the space of keys. */
    private static Start candidates(ThreatModel budget) {
        return Starts.climbed(new NearestCandidates(CANDIDATES), Term.MATCHING, budget, MATCHING_STEPS);
    }

    /** In lower case, as on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
