package dev.racnn.attack.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.attack.modern.SaliencyPair.Move;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaliencyPairTest {
    /** Moves of 30 values both ways; some of whole numbers, so that many are equal. */
    private static List<Move> moves(Random random, boolean whole) {
        List<Move> moves = new ArrayList<>();
        for (int value = 0; value < 30; value++) {
            float gain = whole ? random.nextInt(-3, 4) : (float) random.nextGaussian();
            float relief = whole ? random.nextInt(-3, 4) : (float) random.nextGaussian(-0.5 * gain, 1);
            moves.add(new Move(value, true, gain, relief));
            moves.add(new Move(value, false, -gain, -relief));
        }
        return moves;
    }

    /** The largest product of positive sums over all pairs of two values, zero if there is none. */
    private static double bruteForce(List<Move> moves) {
        double best = 0;
        for (Move a : moves) {
            for (Move b : moves) {
                double gain = (double) a.gain() + b.gain();
                double relief = (double) a.relief() + b.relief();
                if (a.value() != b.value() && gain > 0 && relief > 0) {
                    best = Math.max(best, gain * relief);
                }
            }
        }
        return best;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_pair_is_the_best_of_all(boolean whole) {
        Random random = new Random(4);
        for (int round = 0; round < 300; round++) {
            List<Move> moves = moves(random, whole);
            SaliencyPair pair = SaliencyPair.best(moves).orElseThrow();
            assertThat(pair.first().value()).isNotEqualTo(pair.second().value());
            assertThat(pair.saliency()).isPositive().isCloseTo(bruteForce(moves), within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 1})
    void there_is_none_where_the_target_gains_only_as_the_others_do(float gain) {
        List<Move> moves = List.of(new Move(0, true, gain, -gain), new Move(1, true, gain, -gain));
        assertThat(SaliencyPair.best(moves)).isEqualTo(Optional.empty());
    }
}
