package dev.racnn.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedTest {
    @Test
    void neighbouring_seeds_epochs_and_purposes_share_no_stream() {
        Set<Long> starts = new HashSet<>();
        int count = 0;
        for (long seed = -20; seed < 20; seed++) {
            for (String purpose : new String[] {"", "phi", "phi_prime", "order", "redro"}) {
                for (long number = -20; number < 100; number++) {
                    starts.add(new Seed(seed).derive(purpose).derive(number).value());
                    count++;
                }
            }
        }

        assertThat(starts).hasSize(count);
    }

    @Test
    void every_bit_of_a_derived_seed_is_set_half_of_the_time() {
        int draws = 10_000;
        int[] set = new int[64];
        for (int i = 0; i < draws; i++) {
            long value = new Seed(0).derive("order").derive(i).value();
            for (int bit = 0; bit < 64; bit++) {
                set[bit] += (int) (value >>> bit & 1);
            }
        }

        // Five standard deviations of a fair coin.
        double bound = 5 * Math.sqrt(draws) / 2;
        double furthest = Arrays.stream(set)
                .mapToDouble(ones -> Math.abs(ones - draws / 2.0))
                .max()
                .orElseThrow();
        assertThat(furthest).isLessThan(bound);
    }

    @Test
    void the_order_of_derivations_counts_and_equal_ones_agree() {
        assertThat(new Seed(1).derive("a").derive(2))
                .isEqualTo(new Seed(1).derive("a").derive(2));
        assertThat(new Seed(1).derive("a").derive("b"))
                .isNotEqualTo(new Seed(1).derive("b").derive("a"));
        assertThat(new Seed(1).derive("a").derive("b")).isNotEqualTo(new Seed(1).derive("ab"));
    }
}
