package dev.racnn.adaptive;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Loss;
import dev.racnn.attack.Losses;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Signal;
import dev.racnn.attack.Signals;
import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** One way of moving an image towards a wrong class through a RaCNN that is known from inside, by {@link RacnnSignals}. */
public enum Term implements Objective {
    /** The class ahead in g(P(x)), with gradients through softened retrieval. */
    RETRIEVED {
        @Override
        Loss loss(AttackBatch batch, IntUnaryOperator aims) {
            return ratio(RacnnSignals.STRAIGHT_THROUGH, batch, aims);
        }
    },
    /** Candidates of the class nearer than those of the true one: log-sum-exp of -d / tau over the former minus that over the latter. */
    NEIGHBOURS {
        @Override
        Loss loss(AttackBatch batch, IntUnaryOperator aims) {
            return (at, rows) -> nearness(at, classes(aims, rows)).sub(nearness(at, batch.labels(rows)));
        }
    },
    /** The class ahead in g'(phi'(x)). */
    SURROGATE {
        @Override
        Loss loss(AttackBatch batch, IntUnaryOperator aims) {
            return ratio(RacnnSignals.SURROGATE, batch, aims);
        }
    },
    /** The class ahead in g(phi(x)). */
    FEATURES {
        @Override
        Loss loss(AttackBatch batch, IntUnaryOperator aims) {
            return ratio(RacnnSignals.WITHOUT_RETRIEVAL, batch, aims);
        }
    },
    /** The keys near those of candidates of the class: tau log-sum-exp of -d / tau over these. */
    MATCHING {
        @Override
        Loss loss(AttackBatch batch, IntUnaryOperator aims) {
            return (at, rows) -> nearness(at, classes(aims, rows))
                    .mul(at.get(RacnnSignals.TEMPERATURE).squeeze(1));
        }
    },
    /** The class likely in g(P(x)), with gradients through softened retrieval. */
    LIKELIHOOD {
        @Override
        Loss loss(AttackBatch batch, IntUnaryOperator aims) {
            return (at, rows) -> Losses.crossEntropy(at.get(RacnnSignals.STRAIGHT_THROUGH), classes(aims, rows))
                    .neg();
        }
    };

    /** Those of the joint attack. */
    static final List<Term> JOINT = List.of(RETRIEVED, NEIGHBOURS, SURROGATE, FEATURES);

    abstract Loss loss(AttackBatch batch, IntUnaryOperator aims);

    @Override
    public List<Loss> losses(AttackBatch batch, IntUnaryOperator aims) {
        return List.of(loss(batch, aims));
    }

    @Override
    public boolean aimed() {
        return true;
    }

    /** In lower case, as in the names of attacks. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The targeted difference of logits ratio; with too few classes for its denominator, its numerator. */
    private static Loss ratio(Signal logits, AttackBatch batch, IntUnaryOperator aims) {
        return (batch.classes() < batch.depth() + 3
                        ? Losses.lead(batch, aims)
                        : Losses.targetedLogitsRatio(batch, aims))
                .on(logits);
    }

    /** How near the candidates of a class are: [n], minus infinity if there are none. */
    private static Tensor nearness(Signals at, Tensor classes) {
        Tensor near = at.get(RacnnSignals.DISTANCES).neg().div(at.get(RacnnSignals.TEMPERATURE));
        Tensor others = at.get(RacnnSignals.CANDIDATE_LABELS).ne(classes.unsqueeze(1));
        return near.masked_fill(others, new Scalar(Double.NEGATIVE_INFINITY)).logsumexp(new long[] {1}, false);
    }

    private static Tensor classes(IntUnaryOperator aims, int... rows) {
        return Tensors.of(IntStream.of(rows).map(aims).toArray());
    }
}
