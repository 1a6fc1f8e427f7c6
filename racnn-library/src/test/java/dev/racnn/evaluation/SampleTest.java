package dev.racnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.racnn.attack.Examples;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.data.InMemoryDataset;
import dev.racnn.model.Bounds;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTest {
    private static final ImageSize SIZE = new ImageSize(1, 1);

    /** Class after class, as folders of images are read: 60, 30 and 10 of them; the pixels of image i are i. */
    private static final Dataset FOLDERS = images(60, 30, 10);

    private static Dataset images(int... counts) {
        int[] labels = IntStream.range(0, counts.length)
                .flatMap(label -> IntStream.generate(() -> label).limit(counts[label]))
                .toArray();
        byte[] pixels = new byte[labels.length * SIZE.bytes()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / SIZE.bytes());
        }
        return new InMemoryDataset(SIZE, List.of("a", "b", "c"), labels, pixels);
    }

    @Test
    void every_class_has_its_share_however_many_are_taken() {
        for (long seed = 0; seed < 20; seed++) {
            int[] order = Sample.drawn(seed).from(FOLDERS).order();
            assertThat(Arrays.stream(order).sorted())
                    .containsExactly(IntStream.range(0, 100).boxed().toArray(Integer[]::new));
            int[] seen = new int[3];
            for (int n = 1; n <= order.length; n++) {
                seen[FOLDERS.label(order[n - 1])]++;
                assertThat(seen[0] - 0.6 * n).isBetween(-2.0, 2.0);
                assertThat(seen[1] - 0.3 * n).isBetween(-2.0, 2.0);
                assertThat(seen[2] - 0.1 * n).isBetween(-2.0, 2.0);
            }
        }
    }

    @Test
    void the_draw_follows_from_the_seed_alone() {
        int[] order = Sample.drawn(1).from(FOLDERS).order();

        assertThat(Sample.drawn(1).from(FOLDERS).order()).isEqualTo(order);
        assertThat(Sample.drawn(2).from(FOLDERS).order()).isNotEqualTo(order);
        assertThat(Arrays.copyOf(order, 60))
                .isNotEqualTo(Arrays.stream(order).limit(60).sorted().toArray());
    }

    @Test
    void examples_keep_the_numbers_that_they_have_in_the_test_set() {
        Sample sample = Sample.drawn(1).from(FOLDERS);
        Examples examples = sample.examples(FOLDERS, 10, 14, Bounds.UNIT);

        assertThat(examples.indices()).isEqualTo(Arrays.copyOfRange(sample.order(), 10, 14));
        for (int i = 0; i < 4; i++) {
            assertThat(examples.images()[i][0]).isEqualTo(examples.indices()[i] / 255f);
            assertThat(examples.labels()[i]).isEqualTo(FOLDERS.label(examples.indices()[i]));
        }
    }

    @Test
    void a_range_begins_where_it_is_told_to_and_must_begin_somewhere() {
        assertThat(Sample.from(97).from(FOLDERS).order()).containsExactly(97, 98, 99);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sample.from(100).from(FOLDERS))
                .withMessageContaining("below 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sample.from(-1))
                .withMessageContaining("at least 0, but is -1");
    }
}
