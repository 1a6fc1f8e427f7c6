package dev.racnn.attack.autoattack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointsTest {
    @Test
    void a_hundred_iterations_are_checked_at_the_places_of_the_paper() {
        Checkpoints checkpoints = new Checkpoints(100);
        List<Integer> ends = new ArrayList<>();
        for (int iteration = 1; iteration <= 100; iteration++) {
            if (checkpoints.advance() > 0) {
                ends.add(iteration);
            }
        }
        assertThat(ends).containsExactly(22, 41, 57, 70, 80, 87, 93, 99);
    }
}
