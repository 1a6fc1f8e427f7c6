package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The picture is, in the file, 2 rows of 3: {@code ABC DEF}. What it is upright follows from the definition of the tag: which
 * sides of the picture the first row and the first column of the file are.
 */
class OrientationTest {
    private static final String STORED = "ABC DEF";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "1, ABC DEF", // top, left
        "2, CBA FED", // top, right
        "3, FED CBA", // bottom, right
        "4, DEF ABC", // bottom, left
        "5, AD BE CF", // left, top
        "6, DA EB FC", // right, top
        "7, FC EB DA", // right, bottom
        "8, CF BE AD", // left, bottom
        "0, ABC DEF",
        "9, ABC DEF",
        "-1, ABC DEF"
    })
    void images_are_turned_as_the_camera_noted(int orientation, String upright) throws IOException {
        byte[] plain = png();
        // After the signature and the header comes the part with EXIF, here in either order of bytes.
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            byte[] exif = exif(orientation, order);
            byte[] file = inserted(plain, 33, chunk(exif));
            assertThat(read(file, upright)).as("PNG, " + order).isEqualTo(upright);
        }
        assertThat(read(tiff(orientation), upright)).as("TIFF").isEqualTo(upright);
    }

    @Test
    void jpegs_carry_it_in_a_segment_among_others() throws IOException {
        BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setPixels(8, 0, 8, 8, filled(64, 200));
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, "jpg", jpeg)).isTrue();
        byte[] exif = exif(6, ByteOrder.BIG_ENDIAN);
        ByteBuffer segments = ByteBuffer.allocate(6 + 1 + 4 + 6 + exif.length)
                .putShort((short) 0xFFE1)
                .putShort((short) 4)
                .put("ab".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 0xFF)
                .putShort((short) 0xFFE1)
                .putShort((short) (2 + 6 + exif.length))
                .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
                .put(exif);
        Path file = Files.write(folder.resolve("turned.jpg"), inserted(jpeg.toByteArray(), 2, segments.array()));

        assertThat(ImageFile.size(file)).isEqualTo(new ImageSize(16, 8));
        byte[] pixels = ImageFile.read(file, Preprocessing.none(new ImageSize(16, 8)));
        assertThat(pixels[0] & 0xFF).isLessThan(5);
        assertThat(pixels[15 * 8] & 0xFF).isBetween(195, 205);
    }

    @Test
    void what_makes_no_sense_is_passed_over() throws IOException {
        byte[] exif = exif(6, ByteOrder.LITTLE_ENDIAN);
        int value = 8 + 2 + 12 + 8;
        for (int length = 0; length < value + 2; length++) {
            byte[] file = inserted(png(), 33, chunk(Arrays.copyOf(exif, length)));
            assertThat(read(file, STORED)).as("%d bytes", length).isEqualTo(STORED);
        }
        exif[4] = (byte) 0xFF;
        exif[7] = (byte) 0xFF;
        assertThat(read(inserted(png(), 33, chunk(exif)), STORED)).isEqualTo(STORED);
    }

    /** The letters of a file's picture, row by row. */
    private String read(byte[] bytes, String like) throws IOException {
        Path file = Files.write(folder.resolve("image"), bytes);
        int width = like.indexOf(' ');
        ImageSize size = ImageFile.size(file);
        assertThat(size).isEqualTo(new ImageSize((like.length() + 1) / (width + 1), width));
        byte[] pixels = ImageFile.read(file, Preprocessing.none(size));
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < size.height() * size.width(); i++) {
            letters.append(i > 0 && i % size.width() == 0 ? " " : "").append((char) pixels[i]);
        }
        return letters.toString();
    }

    private static byte[] png() throws IOException {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setPixels(0, 0, 3, 2, new int[] {'A', 'B', 'C', 'D', 'E', 'F'});
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, "png", file)).isTrue();
        return file.toByteArray();
    }

    /** A grey TIFF with its pixels after the directory. */
    private static byte[] tiff(int orientation) {
        int[][] entries = {
            {256, 3},
            {257, 2},
            {258, 8},
            {259, 1},
            {262, 1},
            {273, 8 + 2 + 9 * 12 + 4},
            {274, orientation},
            {278, 2},
            {279, 6}
        };
        byte[] file = new byte[8 + 2 + entries.length * 12 + 4 + 6];
        ByteBuffer tiff = header(file, entries.length, ByteOrder.LITTLE_ENDIAN);
        for (int[] entry : entries) {
            tiff.putShort((short) entry[0])
                    .putShort((short) 3)
                    .putInt(1)
                    .putShort((short) entry[1])
                    .putShort((short) 0);
        }
        tiff.putInt(0).put("ABCDEF".getBytes(StandardCharsets.US_ASCII));
        return file;
    }

    /** A directory with the resolution unit and the orientation. */
    private static byte[] exif(int orientation, ByteOrder order) {
        byte[] block = new byte[8 + 2 + 2 * 12 + 4];
        ByteBuffer exif = header(block, 2, order);
        exif.putShort((short) 0x0128)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) 2)
                .putShort((short) 0);
        exif.putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0);
        exif.putInt(0);
        return block;
    }

    private static ByteBuffer header(byte[] tiff, int entries, ByteOrder order) {
        return ByteBuffer.wrap(tiff)
                .order(order)
                .put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) entries);
    }

    private static byte[] chunk(byte[] exif) {
        ByteBuffer chunk = ByteBuffer.allocate(12 + exif.length)
                .putInt(exif.length)
                .put("eXIf".getBytes(StandardCharsets.US_ASCII))
                .put(exif);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), 4, 4 + exif.length);
        return chunk.putInt((int) checksum.getValue()).array();
    }

    private static byte[] inserted(byte[] file, int at, byte[] part) {
        return ByteBuffer.allocate(file.length + part.length)
                .put(file, 0, at)
                .put(part)
                .put(file, at, file.length - at)
                .array();
    }

    private static int[] filled(int length, int value) {
        int[] values = new int[length];
        Arrays.fill(values, value);
        return values;
    }
}
