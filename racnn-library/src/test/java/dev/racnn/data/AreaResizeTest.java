package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AreaResizeTest {
    @Test
    void halving_averages_four_pixels() {
        int[] square = {
            0, 4, 10, 20, //
            8, 12, 30, 40, //
            255, 255, 1, 1, //
            255, 255, 1, 2
        };
        assertThat(resized(square, new ImageSize(4, 4), new ImageSize(2, 2))).containsExactly(6, 25, 255, 1);
    }

    @Test
    void parts_of_pixels_count_as_parts() {
        int[] square = {
            0, 90, 180, //
            90, 90, 90, //
            180, 90, 0
        };
        // Each target pixel covers 1.5 x 1.5 pixels: the corner by 1, two sides by 1/2, the centre by 1/4.
        // (0 + 45 + 45 + 22.5) / 2.25 = 50 and (180 + 45 + 45 + 22.5) / 2.25 = 130.
        assertThat(resized(square, new ImageSize(3, 3), new ImageSize(2, 2))).containsExactly(50, 130, 130, 50);
    }

    @Test
    void the_centre_is_cut_out() {
        int[] wide = {1, 2, 3, 4, 5, 6};
        assertThat(resized(wide, new ImageSize(1, 6), new ImageSize(1, 2))).containsExactly(3, 4);
        int[] tall = {1, 2, 3, 4, 5};
        assertThat(resized(tall, new ImageSize(5, 1), new ImageSize(1, 1))).containsExactly(3);
        // Three of four columns: half of each outer one is cut off.
        int[] four = {0, 0, 0, 30, 0, 0, 0, 30, 0, 0, 0, 30};
        assertThat(resized(four, new ImageSize(3, 4), new ImageSize(1, 1))).containsExactly(5);
    }

    @Test
    void small_images_are_enlarged() {
        assertThat(resized(new int[] {10, 20}, new ImageSize(1, 2), new ImageSize(2, 4)))
                .containsExactly(10, 10, 20, 20, 10, 10, 20, 20);
    }

    @ParameterizedTest
    @CsvSource({"64,64,32,32", "48,37,32,32", "33,100,7,5", "5,9,32,32"})
    void the_average_of_the_window_is_kept_in_every_channel(int height, int width, int toHeight, int toWidth) {
        ImageSize from = new ImageSize(height, width);
        ImageSize to = new ImageSize(toHeight, toWidth);
        byte[] image = new byte[from.bytes()];
        new Random(height).nextBytes(image);
        byte[] result = AreaResize.resize(image, from, to);

        double scale = Math.min((double) height / toHeight, (double) width / toWidth);
        for (int channel = 0; channel < 3; channel++) {
            double expected = 0;
            double actual = 0;
            // Sampling the window densely: an independent way to its average.
            int rows = toHeight * 40;
            int columns = toWidth * 40;
            for (int i = 0; i < rows; i++) {
                double y = (height - scale * toHeight) / 2 + (i + 0.5) / rows * scale * toHeight;
                for (int j = 0; j < columns; j++) {
                    double x = (width - scale * toWidth) / 2 + (j + 0.5) / columns * scale * toWidth;
                    expected += image[(channel * height + (int) y) * width + (int) x] & 0xFF;
                }
            }
            for (int p = 0; p < toHeight * toWidth; p++) {
                actual += result[channel * toHeight * toWidth + p] & 0xFF;
            }
            assertThat(actual / (toHeight * toWidth)).isCloseTo(expected / ((double) rows * columns), offset(0.5));
        }
    }

    /** Resizes a one-channel image, repeated in every channel. */
    private static int[] resized(int[] plane, ImageSize from, ImageSize to) {
        byte[] image = new byte[from.bytes()];
        for (int i = 0; i < image.length; i++) {
            image[i] = (byte) plane[i % plane.length];
        }
        byte[] result = AreaResize.resize(image, from, to);
        int area = to.height() * to.width();
        int[] first = new int[area];
        for (int p = 0; p < area; p++) {
            first[p] = result[p] & 0xFF;
            assertThat(result[area + p]).isEqualTo(result[p]);
            assertThat(result[2 * area + p]).isEqualTo(result[p]);
        }
        return first;
    }
}
