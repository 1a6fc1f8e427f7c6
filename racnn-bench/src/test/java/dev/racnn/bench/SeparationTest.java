package dev.racnn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.racnn.Evidence;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeparationTest {
    @Test
    void the_area_is_the_share_of_pairs_in_which_the_other_image_is_farther_away() {
        // Of 3 x 2 pairs, 4 is larger than 1, 2 and 3; 2 is larger than 1 and equal to 2.
        assertThat(Separation.of(at(1, 2, 3), at(4, 2)).byDistance().area()).isEqualTo(4.5 / 6);
        assertThat(Separation.of(at(1, 2), at(1, 2)).byDistance().area()).isEqualTo(0.5);
    }

    @Test
    void a_threshold_catches_no_more_clean_images_than_it_may() {
        // Of 1 to 100, the threshold 99 catches one, 95 five and 90 ten.
        List<Evidence> clean = at(IntStream.rangeClosed(1, 100).asDoubleStream().toArray());
        Separation separation = Separation.of(clean, at(89, 91, 96, 99.5));
        assertThat(separation.byDistance().caughtAt1()).isEqualTo(0.25);
        assertThat(separation.byDistance().caughtAt5()).isEqualTo(0.5);
        assertThat(separation.byDistance().caughtAt10()).isEqualTo(0.75);
    }

    @Test
    void little_agreement_is_what_is_caught() {
        Separation separation = Separation.of(agreeing(1, 0.8, 0.9), agreeing(0.7, 0.85));
        assertThat(separation.byAgreement().area()).isEqualTo(5 / 6.0);
        assertThat(separation.byAgreement().caughtAt10()).isEqualTo(0.5);
        assertThat(separation.agreement()).isEqualTo(0.85);
    }

    @Test
    void where_everything_is_alike_nothing_is_caught() {
        Separation separation = Separation.of(agreeing(1, 1), agreeing(1, 1, 1));
        assertThat(separation.byAgreement()).isEqualTo(new Separation.Roc(0.5, 0, 0, 0));
        assertThat(separation.images()).isEqualTo(3);
    }

    /** Evidence whose distance is its percentile. */
    private static List<Evidence> at(double... distances) {
        return DoubleStream.of(distances)
                .mapToObj(distance -> new Evidence(distance, distance, 1))
                .toList();
    }

    private static List<Evidence> agreeing(double... agreements) {
        return DoubleStream.of(agreements)
                .mapToObj(agreement -> new Evidence(1, 50, agreement))
                .toList();
    }
}
