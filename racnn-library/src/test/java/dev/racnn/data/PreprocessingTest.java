package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.data.Preprocessing.Resampling;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PreprocessingTest {
    /** What torchvision 0.28.0 and Pillow 12.3.0 make of images from a formula; the formula is in the file. */
    static Stream<JsonNode> torchvision() throws IOException {
        try (InputStream file = PreprocessingTest.class.getResourceAsStream("torchvision-resize.json")) {
            return JsonMapper.shared()
                    .readTree(Objects.requireNonNull(file))
                    .get("cases")
                    .valueStream();
        }
    }

    @ParameterizedTest
    @MethodSource("torchvision")
    void resizing_and_cropping_gives_the_bytes_of_torchvision(JsonNode expected) throws IOException {
        int crop = expected.get("crop").asInt();
        Preprocessing preprocessing = new Preprocessing(
                new ImageSize(crop, crop), expected.get("resize").asInt(), Resampling.BILINEAR);
        byte[] actual = preprocessing.apply(
                image(expected.get("height").asInt(), expected.get("width").asInt()));

        long sum = 0;
        for (byte value : actual) {
            sum += Byte.toUnsignedInt(value);
        }
        assertThat(sum).isEqualTo(expected.get("sum").asLong());
        for (int i = 0; i < 16; i++) {
            assertPixel(expected.get("corner").get(i), actual, crop, i / 4, i % 4);
            assertPixel(expected.get("centre").get(i), actual, crop, crop / 2 - 2 + i / 4, crop / 2 - 2 + i % 4);
        }
    }

    private static void assertPixel(JsonNode expected, byte[] actual, int side, int row, int column) {
        for (int channel = 0; channel < 3; channel++) {
            assertThat(Byte.toUnsignedInt(actual[(channel * side + row) * side + column]))
                    .isEqualTo(expected.get(channel).asInt());
        }
    }

    @Test
    void images_of_the_right_size_stay_as_they_are() throws IOException {
        RgbImage image = image(20, 30);
        ImageSize size = new ImageSize(20, 30);

        byte[] same = Preprocessing.none(size).apply(image);
        assertThat(same).hasSize(1800).startsWith(value(20, 0, 0, 0), value(20, 0, 1, 0));
        assertThat(Preprocessing.area(size).apply(image)).isEqualTo(same);
        RgbImage square = image(24, 24);
        assertThat(Preprocessing.bilinear(square.size()).apply(square)).isEqualTo(square.planes());
    }

    @Test
    void an_image_of_another_size_is_refused_where_nothing_may_be_resampled() {
        assertThatThrownBy(() -> Preprocessing.none(new ImageSize(20, 30)).apply(image(30, 20)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("must be 20x30")
                .hasMessageContaining("is 30x20");
    }

    @Test
    void the_crop_of_an_oblong_is_never_larger_than_the_image() throws IOException {
        assertThat(Preprocessing.bilinear(new ImageSize(64, 32)).apply(image(40, 100)))
                .hasSize(64 * 32 * 3);
        assertThat(Preprocessing.bilinear(new ImageSize(16, 48)).apply(image(9, 2)))
                .hasSize(16 * 48 * 3);
        assertThatThrownBy(() -> Preprocessing.bilinear(new ImageSize(64, 64)).apply(image(1, 20_000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1x20000");
    }

    @ParameterizedTest
    @CsvSource({
        "224, 223, BILINEAR, resize must be from 224 to 4096",
        "224, 5000, BILINEAR, resize must be from 224 to 4096",
        "32, 36, AREA, resize must be from 32 to 32 with AREA",
        "5000, 5000, BILINEAR, image size must be at most 4096"
    })
    void sizes_that_cannot_be_are_refused(int size, int resize, Resampling resampling, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Preprocessing(new ImageSize(size, size), resize, resampling))
                .withMessageContaining(reason);
    }

    private static RgbImage image(int height, int width) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    image.getRaster().setSample(x, y, channel, value(height, y, x, channel) & 0xFF);
                }
            }
        }
        return new RgbImage(image, Orientation.UPRIGHT);
    }

    private static byte value(int height, int y, int x, int channel) {
        return (byte) Math.rint(127.5 + 127.5 * Math.sin(0.21 * x * (1 + channel) + 0.13 * y + height));
    }
}
