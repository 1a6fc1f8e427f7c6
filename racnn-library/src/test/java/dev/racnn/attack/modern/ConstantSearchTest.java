package dev.racnn.attack.modern;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConstantSearchTest {
    @Test
    void constants_grow_until_there_is_a_point_and_are_bisected_then() {
        ConstantSearch search = new ConstantSearch(2, 1, 5);
        assertThat(search.constants(0)).containsExactly(1, 1);
        search.tell(false, true);
        assertThat(search.constants(1)).containsExactly(10, 0.5);
        search.tell(true, false);
        assertThat(search.constants(2)).containsExactly(5.5, 0.75);
    }

    @Test
    void the_last_of_ten_searches_repeats_the_smallest_constant_that_led_to_a_point() {
        ConstantSearch search = new ConstantSearch(2, 1, 10);
        for (int number = 0; number < 9; number++) {
            search.constants(number);
            // The first example is fooled from a constant of 4 on, the second one never.
            search.tell(search.constants(number)[0] >= 4, false);
        }
        double[] last = search.constants(9);
        assertThat(last[0]).isBetween(4.0, 4.1);
        assertThat(last[1]).isEqualTo(1e10);
        ConstantSearch brief = new ConstantSearch(1, 1, 2);
        brief.tell(true);
        assertThat(brief.constants(1)).containsExactly(0.5);
    }
}
