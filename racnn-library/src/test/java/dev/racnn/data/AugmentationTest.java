package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AugmentationTest {
    private static final ImageSize SIZE = new ImageSize(6, 7);
    private static final int PADDING = 2;

    /** Every pixel of the image differs, so that a window can be recognised. */
    private final byte[] image = new byte[SIZE.bytes()];

    AugmentationTest() {
        for (int i = 0; i < image.length; i++) {
            image[i] = (byte) i;
        }
    }

    @Test
    void every_result_is_a_window_of_the_padded_image_and_all_windows_are_equally_frequent() {
        Map<String, Integer> windows = new HashMap<>();
        for (int down = 0; down <= 2 * PADDING; down++) {
            for (int right = 0; right <= 2 * PADDING; right++) {
                windows.put(Arrays.toString(window(down, right, false)), 0);
                windows.put(Arrays.toString(window(down, right, true)), 0);
            }
        }
        assertThat(windows.size()).isEqualTo(50);

        Augmentation augmentation = new Augmentation(1, PADDING, true);
        int draws = 50_000;
        for (int index = 0; index < draws; index++) {
            windows.computeIfPresent(
                    Arrays.toString(augmented(augmentation, index % 7, index)), (window, count) -> count + 1);
        }

        // 1,000 expected each, with a standard deviation of 31.3.
        assertThat(windows.values()).allMatch(count -> count > 850 && count < 1_150);
        assertThat(windows.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(draws);
    }

    @Test
    void the_draw_depends_on_seed_epoch_and_index_alone() {
        Augmentation augmentation = Augmentation.cropAndMirror(7, new ImageSize(32, 32));
        ImageSize size = new ImageSize(32, 32);
        byte[] noise = new byte[size.bytes()];
        new Random(3).nextBytes(noise);
        byte[] first = new byte[size.bytes()];
        byte[] again = new byte[size.bytes() + 10];
        augmentation.apply(2, 11, size, noise, 0, first, 0);
        augmentation.apply(2, 12, size, noise, 0, again, 10);
        augmentation.apply(2, 11, size, noise, 0, again, 10);
        assertThat(Arrays.copyOfRange(again, 10, again.length)).isEqualTo(first);

        int same = 0;
        for (int i = 0; i < 1_000; i++) {
            byte[] here = new byte[size.bytes()];
            byte[] otherEpoch = new byte[size.bytes()];
            augmentation.apply(0, i, size, noise, 0, here, 0);
            augmentation.apply(1, i, size, noise, 0, otherEpoch, 0);
            same += Arrays.equals(here, otherEpoch) ? 1 : 0;
        }
        // Of 162 equally likely versions: 6.2 expected to agree by chance.
        assertThat(same).isLessThan(25);
    }

    @Test
    void without_padding_and_mirroring_the_image_stays_as_it_is() {
        assertThat(augmented(new Augmentation(5, 0, false), 3, 9)).isEqualTo(image);
    }

    @Test
    void padding_must_be_smaller_than_the_image() {
        assertThatThrownBy(() -> augmented(new Augmentation(5, 6, false), 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6x7")
                .hasMessageContaining("but is 6");
        assertThatThrownBy(() -> new Augmentation(5, -1, false)).hasMessageContaining("but is -1");
    }

    private byte[] augmented(Augmentation augmentation, long epoch, long index) {
        byte[] target = new byte[SIZE.bytes()];
        augmentation.apply(epoch, index, SIZE, image, 0, target, 0);
        return target;
    }

    /** Cuts a window out of an image that was really padded, following the definition. */
    private byte[] window(int down, int right, boolean mirrored) {
        int[] rows = {2, 1, 0, 1, 2, 3, 4, 5, 4, 3};
        int[] columns = {2, 1, 0, 1, 2, 3, 4, 5, 6, 5, 4};
        byte[] window = new byte[SIZE.bytes()];
        for (int channel = 0; channel < 3; channel++) {
            for (int y = 0; y < 6; y++) {
                for (int x = 0; x < 7; x++) {
                    int column = columns[right + (mirrored ? 6 - x : x)];
                    window[(channel * 6 + y) * 7 + x] = image[(channel * 6 + rows[down + y]) * 7 + column];
                }
            }
        }
        return window;
    }
}
