package dev.racnn.adaptive;

import dev.racnn.attack.Attack;
import dev.racnn.attack.Combination;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.Signal;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.Square;
import dev.racnn.attack.modern.AdditiveNoise;
import dev.racnn.attack.modern.Boundary;
import dev.racnn.attack.modern.Estimated;
import dev.racnn.attack.modern.Fmn;
import dev.racnn.attack.modern.HopSkipJump;
import dev.racnn.attack.modern.MomentumFgsm;
import java.util.ArrayList;
import java.util.Arrays;
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
    /** Guide samples, with the margin of the model itself. */
    GUIDES("guide samples", true) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            return List.of(new GuideSamples(budget, GuideSamples.Settings.PAPER.withSteps(settings.plainSteps())));
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
            return List.of(
                    transfer("transfer-surrogate", RacnnSignals.SURROGATE, budget, settings),
                    transfer("transfer-features", RacnnSignals.WITHOUT_RETRIEVAL, budget, settings));
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
    /** Random search with logits, from its own pattern and from the best point of the joint attack, and gradients that are estimated. */
    SQUARE("Square and SPSA", false) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            return List.of(
                    new Square("square", budget, settings.search(1)),
                    new Estimated(Estimated.Kind.SPSA, budget, settings.estimates()));
        }
    },
    /** Square from the best point that the joint attack reaches, with as many queries again. */
    POLISHED("Square from the joint attack", true) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            return List.of(new Square("square-joint", budget, settings.search(1), joint(budget, settings)));
        }
    },
    /** Square with four times the queries, from its own pattern and from the joint attack. */
    LONG_SQUARE("Square, four times as long", true) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            return List.of(
                    new Square("square-long", budget, settings.search(FOUR_TIMES)),
                    new Square("square-joint-long", budget, settings.search(FOUR_TIMES), joint(budget, settings)));
        }
    },
    /** The joint attack with twice the steps, which should break nothing that the others have left. */
    TWICE("joint targeted APGD, twice the steps", true) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            Objective joint = of(budget.norm(), Term.JOINT);
            return List.of(settings.twice().ascent(TWICE_THE_STEPS, joint, budget, 1, Starts.IMAGE));
        }
    },
    /** Noise on the surface of the ball, which should break nothing that the others have left. */
    CHANCE("noise", false) {
        @Override
        List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings) {
            return List.of(new AdditiveNoise(budget, new AdditiveNoise.Settings(Math.min(settings.queries(), DRAWS))));
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

    /** Whose gain says whether the others were run long enough. */
    public static final String TWICE_THE_STEPS = "joint-twice";

    private static final int FOUR_TIMES = 4;
    private static final int JOINT_TARGETS = 3;
    private static final int DRAWS = 1000;
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

    /** Whether a sequence of this name is a member by itself that attacks a RaCNN that it knows, and no other model. */
    public static boolean knowingAlone(String sequence) {
        return Arrays.stream(values())
                .anyMatch(member -> member.knowing && member.toString().equals(sequence));
    }

    abstract List<Attack> attacks(ThreatModel budget, AdaptiveSuite.Settings settings);

    private static Objective of(Norm norm, List<Term> terms) {
        return new Combination(norm, List.copyOf(terms));
    }

    /** Momentum along the margin of other logits, which goes on growing once it is positive. */
    static Attack transfer(String name, Signal logits, ThreatModel budget, AdaptiveSuite.Settings settings) {
        MomentumFgsm.Settings own = new MomentumFgsm.Settings(0.1, settings.steps(), 1, false, 0, 1);
        return new MomentumFgsm(name, budget, own, Objectives.MARGIN.of(logits), Starts.IMAGE);
    }

    /** The best point of the joint attack towards the likeliest classes. */
    private static Start joint(ThreatModel budget, AdaptiveSuite.Settings settings) {
        Objective joint = of(budget.norm(), Term.JOINT);
        return settings.towards(JOINT_TARGETS)
                .ascent("joint", joint, budget, 1, Starts.IMAGE)
                .reached();
    }

    /** Candidates of the class that is aimed at, drawn into the ball and nearer in the space of keys. */
    private static Start candidates(ThreatModel budget) {
        return Starts.climbed(new NearestCandidates(CANDIDATES), Term.MATCHING, budget, MATCHING_STEPS);
    }

    /** In lower case, as on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
