package dev.racnn.adaptive;

import dev.racnn.attack.Autograd;
import dev.racnn.attack.GradientSession;
import dev.racnn.attack.Gradients;
import dev.racnn.attack.Loss;
import dev.racnn.attack.Signal;
import dev.racnn.attack.Signals;
import dev.racnn.attack.Step;
import dev.racnn.racnn.ConvexHullProjection;
import dev.racnn.racnn.WhiteBox;
import dev.racnn.retrieval.Neighbours;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Remembers the candidates around each point for a few steps, and lets retrieval become harder from step to step. */
final class KnownRacnnSession implements GradientSession {
    /** After so many steps, the candidates around a point are looked for anew. */
    private static final int REFRESH = 5;

    private final WhiteBox box;
    private final List<KnownRacnn.Other> others;
    private @Nullable Surroundings surroundings;
    private double share = 1;

    KnownRacnnSession(WhiteBox box, List<KnownRacnn.Other> others) {
        this.box = box;
        this.others = others;
    }

    @Override
    public void at(Step step) {
        share = step.share();
        if (step.number() % REFRESH == 0) {
            close();
        }
    }

    @Override
    public Gradients gradients(Tensor points, int[] rows, List<Loss> losses) {
        return Autograd.gradients(points, rows, losses, leaf -> signals(leaf, rows));
    }

    private Signals signals(Tensor points, int... rows) {
        Signals signals = new Signals(points);
        others.forEach(
                other -> signals.with(other.signal(), at -> other.classifier().logits(at.points())));
        return signals.with(RacnnSignals.KEYS, at -> box.keys(at.points()))
                .with(RacnnSignals.FEATURES, at -> box.features(at.points()))
                .with(RacnnSignals.SURROGATE, at -> box.surrogateLogits(at.points(), at.get(RacnnSignals.KEYS)))
                .with(RacnnSignals.WITHOUT_RETRIEVAL, at -> box.logits(at.get(RacnnSignals.FEATURES)))
                .with(Signal.LOGITS, this::hard)
                .with(RacnnSignals.DISTANCES, at -> around(at, rows).distances(at.get(RacnnSignals.KEYS), rows))
                .with(RacnnSignals.CANDIDATE_LABELS, at -> around(at, rows).labels(rows))
                .with(RacnnSignals.TEMPERATURE, this::temperature)
                .with(RacnnSignals.STRAIGHT_THROUGH, at -> {
                    Tensor soft = SoftRetrieval.logits(
                            box,
                            at.get(RacnnSignals.DISTANCES),
                            at.get(RacnnSignals.FEATURES),
                            around(at, rows).features(rows),
                            at.get(RacnnSignals.TEMPERATURE));
                    return at.get(Signal.LOGITS).detach().add(soft).sub(soft.detach());
                });
    }

    /** g(P(x)) with the neighbours held fast, by the same operations as the model itself. */
    private Tensor hard(Signals at) {
        Neighbours neighbours = box.search(at.get(RacnnSignals.KEYS), box.neighbours());
        Tensor features = at.get(RacnnSignals.FEATURES);
        Tensor hulls =
                box.candidateFeatures(neighbours.ids()).view(neighbours.queries(), neighbours.k(), features.size(1));
        Tensor weights = torch.softmax(box.scores(features, hulls), 1);
        return box.logits(ConvexHullProjection.convexSum(weights, hulls));
    }

    private Tensor temperature(Signals at) {
        Tensor distances = at.get(RacnnSignals.DISTANCES);
        return SoftRetrieval.temperature(distances, SoftRetrieval.theta(distances, box.neighbours()), share);
    }

    /** The candidates around the points of these rows; as examples leave, they are kept for the others. */
    private Surroundings around(Signals at, int... rows) {
        Surroundings kept = surroundings;
        if (kept == null || !kept.holds(rows)) {
            close();
            kept = Surroundings.of(box, at.get(RacnnSignals.KEYS).detach(), rows);
            surroundings = kept;
        }
        return kept;
    }

    @Override
    public void close() {
        if (surroundings != null) {
            surroundings.close();
            surroundings = null;
        }
    }
}
