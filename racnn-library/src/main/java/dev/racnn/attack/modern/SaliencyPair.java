package dev.racnn.attack.modern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Two values of an image that are moved together.
 *
 * @param first one of them
 * @param second the other, of another value
 */
record SaliencyPair(Move first, Move second) {
    /**
     * A way for one value of an image.
     *
     * @param value which one
     * @param up whether it grows
     * @param gain how fast the logit of the class that is aimed at grows
     * @param relief how fast the sum of all other logits falls
     */
    record Move(int value, boolean up, float gain, float relief) {}

    /** So many moves can be ahead of one of the best two: the other one, and its opposite. */
    private static final int AHEAD = 2;

    private static final Comparator<Move> ORDER = Comparator.comparingDouble(Move::gain)
            .thenComparingDouble(Move::relief)
            .reversed();

    /**
     * The pair with the largest product of gain and relief, both of which are sums and positive (Papernot et al., 2016, algorithm 3).
     *
     * @return nothing if there is no such pair
     */
    static Optional<SaliencyPair> best(List<Move> moves) {
        List<Move> front = front(moves);
        SaliencyPair best = null;
        for (int i = 0; i < front.size(); i++) {
            for (Move other : front.subList(0, i)) {
                SaliencyPair pair = new SaliencyPair(other, front.get(i));
                if (pair.isPossible() && (best == null || pair.saliency() > best.saliency())) {
                    best = pair;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    double saliency() {
        return gain() * relief();
    }

    private double gain() {
        return (double) first.gain + second.gain;
    }

    private double relief() {
        return (double) first.relief + second.relief;
    }

    private boolean isPossible() {
        return first.value != second.value && gain() > 0 && relief() > 0;
    }

    /** Moves that at most two others equal or exceed in both gain and relief: whatever exceeds one of a pair makes a better pair. */
    private static List<Move> front(List<Move> moves) {
        List<Move> front = new ArrayList<>();
        float[] largest = new float[AHEAD + 1];
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        for (Move move : moves.stream().sorted(ORDER).toList()) {
            if (move.relief > largest[0]) {
                front.add(move);
                largest[0] = move.relief;
                Arrays.sort(largest);
            }
        }
        return front;
    }
}
