package dev.racnn.attack.autoattack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SquareScheduleTest {
    @Test
    void the_schedule_of_five_thousand_queries_is_that_of_autoattack() {
        Square.Settings standard = Square.Settings.STANDARD;
        assertThat(standard.share(10)).isEqualTo(0.8);
        assertThat(standard.share(11)).isEqualTo(0.4);
        assertThat(standard.share(51)).isEqualTo(0.2);
        assertThat(standard.share(4001)).isEqualTo(0.8 / 128);
    }

    @Test
    void more_queries_stretch_the_schedule_and_fewer_shrink_it() {
        Square.Settings standard = Square.Settings.STANDARD;
        Square.Settings many = new Square.Settings(20_000, 0.8, 1);
        Square.Settings few = new Square.Settings(500, 0.8, 1);
        for (int iteration = 0; iteration < 5000; iteration += 7) {
            assertThat(many.share(4 * iteration)).isEqualTo(standard.share(iteration));
        }
        for (int iteration = 0; iteration < 500; iteration++) {
            assertThat(few.share(iteration)).isEqualTo(standard.share(10 * iteration));
        }
    }
}
