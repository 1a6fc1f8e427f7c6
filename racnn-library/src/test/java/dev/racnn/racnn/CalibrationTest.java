package dev.racnn.racnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.candidates.Candidate;
import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSetWriter;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.retrieval.Exact;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.tensor.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
    private static final CandidateLayout LINE = new CandidateLayout(1, 1, 1, 1, List.of("left", "right"), "");

    @TempDir
    private static Path folder;

    private static Calibration calibration;

    /** Candidates at 0, 1, 3 and 7; to the nearest other one it is 1, 1, 2 and 4, to the two nearest on average 2, 1.5, 2.5 and 5. */
    @BeforeAll
    static void calibrate() throws IOException {
        try (CandidateSetWriter writer = CandidateSetWriter.create(folder.resolve("set"), LINE)) {
            float[] places = {0, 1, 3, 7};
            for (int id = 0; id < places.length; id++) {
                float[] place = {places[id]};
                writer.add(new Candidate(id, id / 2, place, place, new byte[3]));
            }
            writer.finish();
        }
        try (CandidateSnapshot candidates = CandidateSnapshot.open(folder.resolve("set"), new Exact(), 1)) {
            calibration = Calibration.of(candidates, 100, new Seed(0));
        }
    }

    @Test
    void a_percentile_counts_the_candidates_that_lie_nearer_to_their_own_neighbours() {
        assertThat(calibration.percentile(0.5, 1)).isZero();
        assertThat(calibration.percentile(1, 1)).isZero();
        assertThat(calibration.percentile(1.5, 1)).isEqualTo(50);
        assertThat(calibration.percentile(2, 1)).isEqualTo(50);
        assertThat(calibration.percentile(2.2, 2)).isEqualTo(50);
        assertThat(calibration.percentile(9, 2)).isEqualTo(100);
    }

    @Test
    void more_neighbours_than_there_are_candidates_are_judged_by_all_of_them() {
        assertThat(calibration.sorted().length).isEqualTo(3);
        assertThat(calibration.percentile(4, 50)).isEqualTo(calibration.percentile(4, 3));
    }

    @Test
    void neighbours_speak_for_an_answer_with_the_weight_of_those_that_have_its_label() {
        Explanation why = new Explanation(
                new float[] {0.2f, 0.8f},
                2,
                new Neighbours(1, 2, new long[] {2, 1}, new float[] {1, 9}),
                new float[] {0.75f, 0.25f},
                new float[] {1, 3});
        Evidence evidence = calibration.evidence(why, 0, id -> (int) id / 2);

        assertThat(evidence.distance()).isCloseTo(2, within(1e-9));
        assertThat(evidence.percentile()).isEqualTo(25);
        assertThat(evidence.agreement()).isCloseTo(0.75, within(1e-9));
    }
}
