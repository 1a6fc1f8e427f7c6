package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SvhnTest {
    private static final int COUNT = 13;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"LITTLE_ENDIAN,true", "LITTLE_ENDIAN,false", "BIG_ENDIAN,true"})
    void columns_become_rows_and_ten_becomes_zero(String order, boolean compressed) throws IOException {
        ByteOrder byteOrder = "BIG_ENDIAN".equals(order) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        write(
                "train",
                images(byteOrder, compressed)
                        .add(
                                "y",
                                MatlabFiles.MX_UINT8,
                                new int[] {COUNT, 1},
                                MatlabFiles.MI_UINT8,
                                labels(),
                                compressed));

        Dataset train = Svhn.train(folder);

        assertThat(train.size()).isEqualTo(COUNT);
        assertThat(train.imageSize()).isEqualTo(new ImageSize(32, 32));
        byte[] pixels = new byte[3072];
        for (int i = 0; i < COUNT; i++) {
            // Labels run 1, 2, .. 10, 1, 2, 3: the tenth is the digit 0.
            assertThat(train.label(i)).isEqualTo((i + 1) % 10);
            train.pixels(i, pixels, 0);
            for (int channel = 0; channel < 3; channel++) {
                for (int row = 0; row < 32; row++) {
                    for (int column = 0; column < 32; column++) {
                        assertThat(pixels[(channel * 32 + row) * 32 + column])
                                .isEqualTo(value(row, column, channel, i));
                    }
                }
            }
        }
    }

    @Test
    void labels_may_be_stored_as_double_and_come_first() throws IOException {
        ByteBuffer doubles = ByteBuffer.allocate(8 * COUNT).order(ByteOrder.LITTLE_ENDIAN);
        for (byte label : labels()) {
            doubles.putDouble(label);
        }
        MatlabFiles file = new MatlabFiles(ByteOrder.LITTLE_ENDIAN)
                .add("y", MatlabFiles.MX_DOUBLE, new int[] {COUNT, 1}, MatlabFiles.MI_DOUBLE, doubles.array(), true)
                .add("note", MatlabFiles.MX_DOUBLE, new int[] {1, 1}, MatlabFiles.MI_UINT8, new byte[] {1}, false)
                .add("X", MatlabFiles.MX_UINT8, new int[] {32, 32, 3, COUNT}, MatlabFiles.MI_UINT8, pixels(), true);
        write("extra", file);

        Dataset extra = Svhn.extra(folder);
        assertThat(extra.label(9)).isZero();
        assertThat(extra.label(12)).isEqualTo(3);
    }

    @Test
    void the_source_has_candidates_of_its_own() throws IOException {
        for (String name : new String[] {"train", "test", "extra"}) {
            write(
                    name,
                    images(ByteOrder.LITTLE_ENDIAN, true)
                            .add(
                                    "y",
                                    MatlabFiles.MX_UINT8,
                                    new int[] {COUNT, 1},
                                    MatlabFiles.MI_UINT8,
                                    labels(),
                                    true));
        }
        DataSource source = DataSource.parse("svhn:" + folder);

        assertThat(source.candidatesAreTraining()).isFalse();
        assertThat(source.test().size()).isEqualTo(COUNT);
        Files.delete(folder.resolve("extra_32x32.mat"));
        assertThatThrownBy(source::candidates)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("extra_32x32.mat")
                .hasMessageContaining("data download svhn");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_truncated_file_is_named_with_its_size(boolean compressed) throws IOException {
        byte[] whole = images(ByteOrder.LITTLE_ENDIAN, compressed)
                .add("y", MatlabFiles.MX_UINT8, new int[] {COUNT, 1}, MatlabFiles.MI_UINT8, labels(), compressed)
                .bytes();
        Path file = folder.resolve("test_32x32.mat");
        for (int length : new int[] {0, 100, 131, 300, whole.length / 2, whole.length - 5}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Svhn.test(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + ": ")
                    .hasMessageContaining("its size is " + length + " bytes")
                    .hasMessageEndingWith("`racnn data download svhn`");
        }
    }

    @Test
    void no_flipped_bit_of_compressed_data_goes_unnoticed() throws IOException {
        byte[] whole = images(ByteOrder.LITTLE_ENDIAN, true)
                .add("y", MatlabFiles.MX_UINT8, new int[] {COUNT, 1}, MatlabFiles.MI_UINT8, labels(), true)
                .bytes();
        Path file = folder.resolve("test_32x32.mat");
        Files.write(file, whole);
        String right = fingerprintOrNone();
        assertThat(right).isNotEqualTo("refused");
        // From the first compressed element on; the text of the header is for people.
        for (int i = 128; i < whole.length; i += 5) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << (i % 8));
            Files.write(file, flipped);
            // A few bits fill up blocks and mean nothing.
            assertThat(fingerprintOrNone()).as("byte " + i).isIn(right, "refused");
        }
    }

    private String fingerprintOrNone() {
        try {
            return Fingerprint.of(Svhn.test(folder), _ -> {}).sha256();
        } catch (IOException e) {
            return "refused";
        }
    }

    @Test
    void a_file_of_matlab_7_3_is_called_that() throws IOException {
        byte[] header = new byte[1024];
        byte[] text = "MATLAB 7.3 MAT-file, Platform: GLNXA64, HDF5 schema 1.00 .".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, header, 0, text.length);
        header[125] = 2;
        header[126] = 'I';
        header[127] = 'M';
        Files.write(folder.resolve("train_32x32.mat"), header);
        assertRefused("a MATLAB file of version 7.3, but must be one of version 5; save it in MATLAB with -v7");
    }

    @Test
    void wrong_contents_are_named() throws IOException {
        write("train", images(ByteOrder.LITTLE_ENDIAN, true));
        assertRefused("it lacks the variable y");

        byte[] labels = labels();
        labels[4] = 11;
        write(
                "train",
                images(ByteOrder.LITTLE_ENDIAN, true)
                        .add("y", MatlabFiles.MX_UINT8, new int[] {COUNT, 1}, MatlabFiles.MI_UINT8, labels, true));
        assertRefused("label 4 must be from 1 to 10, but is 11");

        write(
                "train",
                images(ByteOrder.LITTLE_ENDIAN, true)
                        .add(
                                "y",
                                MatlabFiles.MX_UINT8,
                                new int[] {2, 1},
                                MatlabFiles.MI_UINT8,
                                new byte[] {1, 2},
                                true));
        assertRefused("it has 13 images but 2 labels");

        write(
                "train",
                new MatlabFiles(ByteOrder.LITTLE_ENDIAN)
                        .add("X", MatlabFiles.MX_UINT8, new int[] {COUNT, 3072}, MatlabFiles.MI_UINT8, pixels(), true));
        assertRefused("X must be bytes of shape 32x32x3xN");
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> Svhn.train(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("train_32x32.mat")
                .hasMessageContaining(reason);
    }

    private void write(String split, MatlabFiles file) throws IOException {
        Files.write(folder.resolve(split + "_32x32.mat"), file.bytes());
    }

    private static MatlabFiles images(ByteOrder order, boolean compressed) throws IOException {
        int[] dimensions = {32, 32, 3, COUNT};
        return new MatlabFiles(order)
                .add("X", MatlabFiles.MX_UINT8, dimensions, MatlabFiles.MI_UINT8, pixels(), compressed);
    }

    /** In MATLAB's order: row fastest, then column, channel and image. */
    private static byte[] pixels() {
        ByteBuffer pixels = ByteBuffer.allocate(COUNT * 3072);
        for (int i = 0; i < COUNT; i++) {
            for (int channel = 0; channel < 3; channel++) {
                for (int column = 0; column < 32; column++) {
                    for (int row = 0; row < 32; row++) {
                        pixels.put(value(row, column, channel, i));
                    }
                }
            }
        }
        return pixels.array();
    }

    private static byte value(int row, int column, int channel, int image) {
        return (byte) (row + 32 * column + 7 * channel + 11 * image);
    }

    private static byte[] labels() {
        byte[] labels = new byte[COUNT];
        for (int i = 0; i < COUNT; i++) {
            labels[i] = (byte) (i % 10 + 1);
        }
        return labels;
    }
}
