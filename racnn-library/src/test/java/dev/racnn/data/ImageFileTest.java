package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFileTest {
    private static final Preprocessing TWO = Preprocessing.area(new ImageSize(1, 2));

    @TempDir
    Path folder;

    @Test
    void colour_images_keep_their_values_channel_by_channel() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_3BYTE_BGR);
        image.setRGB(0, 0, 0x010203);
        image.setRGB(1, 0, 0xFAFBFC);
        assertThat(read(image)).containsExactly(0x01, 0xFA, 0x02, 0xFB, 0x03, 0xFC);
    }

    @Test
    void grey_images_get_three_equal_channels_without_brightening() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setPixels(0, 0, 2, 1, new int[] {20, 128});
        assertThat(read(image)).containsExactly(20, 128, 20, 128, 20, 128);
    }

    @Test
    void sixteen_bit_images_lose_their_lower_bits() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setPixels(0, 0, 2, 1, new int[] {0x12FF, 0xFE00});
        assertThat(read(image)).containsExactly(0x12, 0xFE, 0x12, 0xFE, 0x12, 0xFE);
    }

    @Test
    void palettes_are_looked_up() throws IOException {
        byte[] reds = {10, 20};
        byte[] greens = {30, 40};
        byte[] blues = {50, 60};
        IndexColorModel palette = new IndexColorModel(1, 2, reds, greens, blues);
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
        image.getRaster().setPixels(0, 0, 2, 1, new int[] {1, 0});
        assertThat(read(image)).containsExactly(20, 10, 40, 30, 60, 50);
    }

    @Test
    void transparent_images_are_laid_on_white() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_4BYTE_ABGR);
        image.setRGB(0, 0, 0x00102030);
        image.setRGB(1, 0, 0x80102030);
        // 128 parts of the colour and 127 of white: (16 * 128 + 255 * 127) / 255 = 135.03, and so on.
        assertThat(read(image)).containsExactly(255, 135, 255, 143, 255, 151);

        ColorModel greyAlpha = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY),
                true,
                false,
                Transparency.TRANSLUCENT,
                DataBuffer.TYPE_BYTE);
        WritableRaster raster = greyAlpha.createCompatibleWritableRaster(2, 1);
        raster.setPixels(0, 0, 2, 1, new int[] {40, 255, 40, 0});
        assertThat(read(new BufferedImage(greyAlpha, raster, false, null))).containsExactly(40, 255, 40, 255, 40, 255);
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_BYTE_GRAY})
    void jpegs_are_read_with_the_loss_of_their_compression(int type) throws IOException {
        BufferedImage image = new BufferedImage(64, 48, type);
        for (int y = 0; y < 48; y++) {
            for (int x = 0; x < 64; x++) {
                int[] sample = new int[image.getRaster().getNumBands()];
                Arrays.fill(sample, 2 * x + y);
                image.getRaster().setPixel(x, y, sample);
            }
        }
        Path file = folder.resolve("image.JPG");
        assertThat(ImageIO.write(image, "jpg", file.toFile())).isTrue();

        byte[] pixels = ImageFile.read(file, Preprocessing.none(new ImageSize(48, 64)));
        for (int i = 0; i < pixels.length; i++) {
            int x = i % 64;
            int y = i / 64 % 48;
            assertThat(Math.abs((pixels[i] & 0xFF) - (2 * x + y))).isLessThan(6);
        }
    }

    @Test
    void images_are_brought_to_the_size_asked_for() throws IOException {
        BufferedImage image = new BufferedImage(4, 2, BufferedImage.TYPE_3BYTE_BGR);
        int[] colours = {0x102030, 0x102030, 0x304050, 0x304050};
        for (int x = 0; x < 4; x++) {
            image.setRGB(x, 0, colours[x]);
            image.setRGB(x, 1, colours[x]);
        }
        assertThat(read(image)).containsExactly(0x10, 0x30, 0x20, 0x40, 0x30, 0x50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg"})
    void a_truncated_file_is_refused(String format) throws IOException {
        Path file = folder.resolve("image." + format);
        assertThat(ImageIO.write(coloured(), format, file.toFile())).isTrue();
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 5, whole.length / 2, whole.length - 100}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused(file);
        }
    }

    @Test
    void another_kind_of_file_is_refused() throws IOException {
        Path file = Files.writeString(folder.resolve("image.png"), "<html>404 not found</html>");
        assertRefused(file);
        assertThatThrownBy(() -> ImageFile.read(file, TWO))
                .hasMessageContaining("26 bytes are in no known image format");
    }

    @Test
    void a_folder_and_a_file_that_ends_too_early_are_told() throws IOException {
        assertThatThrownBy(() -> ImageFile.read(folder, Preprocessing.none(new ImageSize(2, 2))))
                .isInstanceOf(IOException.class)
                .hasMessage(folder + ": must be an image, but is a folder");
        // The header of a TIFF file whose first directory would lie behind its end.
        Path file = Files.write(folder.resolve("image.tif"), new byte[] {'I', 'I', 42, 0, 100, 0, 0, 0});
        assertThatThrownBy(() -> ImageFile.read(file, Preprocessing.none(new ImageSize(2, 2))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("null");
    }

    @Test
    void four_colour_jpegs_are_refused() throws IOException {
        Path file = folder.resolve("cmyk.jpg");
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
            writer.write(new IIOImage(raster, null, null));
        } finally {
            writer.dispose();
        }
        assertRefused(file);
    }

    @Test
    void inks_leave_of_white_light_what_pillow_says() throws IOException {
        ImageSize size = new ImageSize(16, 32);
        byte[] pixels;
        try (InputStream cmyk = ImageFileTest.class.getResourceAsStream("pillow-cmyk.jpg")) {
            Path file = folder.resolve("cmyk.jpg");
            Files.copy(Objects.requireNonNull(cmyk), file);
            pixels = ImageFile.read(file, Preprocessing.none(size));
        }
        int[][] patches = {{255, 255, 255}, {0, 255, 255}, {223, 111, 167}, {53, 51, 49}};
        for (int patch = 0; patch < 4; patch++) {
            for (int channel = 0; channel < 3; channel++) {
                assertThat(pixels[(channel * 16 + 8) * 32 + 8 * patch + 4] & 0xFF)
                        .isEqualTo(patches[patch][channel]);
            }
        }
    }

    @Test
    void floating_point_images_are_spread_over_the_bytes() throws IOException {
        assertThat(read(floating(0.5F, 1))).containsExactly(128, 255, 128, 255, 128, 255);
        assertThat(read(floating(0, 0.1F))).containsExactly(0, 26, 0, 26, 0, 26);
        for (float outside : new float[] {-0.01F, 1.01F, Float.NaN}) {
            Path file = tiff(floating(0.5F, outside));
            assertRefused(file);
            assertThatThrownBy(() -> ImageFile.read(file, TWO))
                    .hasMessageContaining("must be in [0, 1], but one is " + outside);
        }
    }

    @Test
    void an_image_beyond_the_limit_is_refused_before_it_is_decoded() throws IOException {
        Path file = folder.resolve("image.png");
        ImageIO.write(new BufferedImage(2, 1, BufferedImage.TYPE_3BYTE_BGR), "png", file.toFile());
        ByteBuffer png = ByteBuffer.wrap(Files.readAllBytes(file));
        png.putInt(16, 30_000).putInt(20, 30_000);
        Files.write(file, png.array());

        assertRefused(file);
        assertThatThrownBy(() -> ImageFile.read(file, TWO))
                .hasMessageContaining("30000x30000 = 900000000 pixels, but at most 100000000");
    }

    @Test
    void no_flipped_bit_of_a_png_goes_unnoticed() throws IOException {
        Path file = folder.resolve("image.png");
        ImageIO.write(coloured(), "png", file.toFile());
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i += 7) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << (i % 8));
            Files.write(file, flipped);
            assertRefused(file);
        }
    }

    @Test
    void a_jpeg_with_a_hole_inside_is_refused_but_not_one_with_something_after_it() throws IOException {
        Path file = folder.resolve("image.jpg");
        ImageIO.write(coloured(), "jpg", file.toFile());
        byte[] whole = Files.readAllBytes(file);
        byte[] zeroed = whole.clone();
        Arrays.fill(zeroed, whole.length / 2, whole.length - 2, (byte) 0);
        Files.write(file, zeroed);
        assertRefused(file);

        Files.write(file, Arrays.copyOf(whole, whole.length + 1000));
        byte[] longer = ImageFile.read(file, TWO);
        Files.write(file, whole);
        assertThat(longer).isEqualTo(ImageFile.read(file, TWO));
    }

    private static BufferedImage coloured() {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 4096; i++) {
            image.setRGB(i % 64, i / 64, i * 0x9E3779);
        }
        return image;
    }

    private static BufferedImage floating(float left, float right) {
        ColorModel grey = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY), false, false, Transparency.OPAQUE, DataBuffer.TYPE_FLOAT);
        WritableRaster raster = grey.createCompatibleWritableRaster(2, 1);
        raster.setPixels(0, 0, 2, 1, new float[] {left, right});
        return new BufferedImage(grey, raster, false, null);
    }

    private Path tiff(BufferedImage image) throws IOException {
        Path file = folder.resolve("image.tif");
        assertThat(ImageIO.write(image, "tiff", file.toFile())).isTrue();
        return file;
    }

    private void assertRefused(Path file) {
        assertThatThrownBy(() -> ImageFile.read(file, TWO))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": not an image that can be read (")
                .hasMessageEndingWith("; replace the file, or convert it to an 8-bit RGB PNG")
                .hasMessageNotContaining("null");
    }

    private int[] read(BufferedImage image) throws IOException {
        boolean floating = image.getRaster().getDataBuffer().getDataType() == DataBuffer.TYPE_FLOAT;
        Path file = floating ? tiff(image) : folder.resolve("image.png");
        assertThat(floating || ImageIO.write(image, "png", file.toFile())).isTrue();
        byte[] pixels = ImageFile.read(file, TWO);
        int[] values = new int[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            values[i] = pixels[i] & 0xFF;
        }
        return values;
    }
}
