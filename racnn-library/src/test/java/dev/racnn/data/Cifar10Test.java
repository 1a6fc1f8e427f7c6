package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Cifar10Test {
    @TempDir
    static Path folder;

    @TempDir
    Path scratch;

    @BeforeAll
    static void write_the_official_layout() throws IOException {
        CifarFiles.writeFolder(folder.resolve("cifar-10-batches-bin"));
    }

    @Test
    void training_images_come_in_the_order_of_the_five_files() throws IOException {
        Dataset train = Cifar10.train(folder.resolve("cifar-10-batches-bin"));

        assertThat(train.size()).isEqualTo(50_000);
        assertThat(train.imageSize()).isEqualTo(new ImageSize(32, 32));
        assertThat(train.classNames()).hasSize(10).startsWith("airplane").endsWith("truck");
        for (int index : new int[] {0, 1, 9_999, 10_000, 23_456, 49_999}) {
            assertRecord(train, index, index / 10_000, index % 10_000);
        }
    }

    @Test
    void test_images_are_found_from_the_parent_folder() throws IOException {
        Dataset test = Cifar10.test(folder);

        assertThat(test.size()).isEqualTo(10_000);
        assertRecord(test, 0, 5, 0);
        assertRecord(test, 9_999, 5, 9_999);
    }

    @Test
    void the_archive_holds_the_same_images_as_the_folder() throws IOException {
        Path archive = scratch.resolve("cifar-10-binary.tar.gz");
        // The official archive has its own order of files.
        CifarFiles.writeArchive(
                archive,
                List.of(
                        "data_batch_1.bin",
                        "data_batch_5.bin",
                        "test_batch.bin",
                        "data_batch_4.bin",
                        "data_batch_2.bin",
                        "data_batch_3.bin"));

        Dataset train = Cifar10.train(archive);
        Dataset test = Cifar10.test(scratch);

        assertRecord(train, 49_999, 4, 9_999);
        assertRecord(train, 10_001, 1, 1);
        assertRecord(test, 1_234, 5, 1_234);
    }

    @Test
    void a_truncated_archive_is_named_with_its_size() throws IOException {
        Path archive = scratch.resolve("cifar-10-binary.tar.gz");
        CifarFiles.writeArchive(archive, List.of("test_batch.bin"));
        byte[] whole = Files.readAllBytes(archive);
        int half = whole.length / 2;
        Files.write(archive, Arrays.copyOf(whole, half));

        assertThatThrownBy(() -> Cifar10.test(archive))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(archive.toString())
                .hasMessageContaining("its size is " + half + " bytes")
                .hasMessageContaining("data download cifar10");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.3, 0.5, 0.7, 0.999})
    void a_flipped_byte_in_an_archive_is_found(double place) throws IOException {
        Path archive = scratch.resolve("cifar-10-binary.tar.gz");
        // Stored rather than packed: nothing but the checksum can tell.
        CifarFiles.writeArchive(archive, List.of("test_batch.bin"), Deflater.NO_COMPRESSION);
        byte[] bytes = Files.readAllBytes(archive);
        assertThat(Cifar10.test(archive).size()).isEqualTo(10_000);
        bytes[(int) (place * bytes.length)] ^= 8;
        Files.write(archive, bytes);

        assertThatThrownBy(() -> Cifar10.test(archive))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(archive.toString())
                .hasMessageContaining("data download cifar10");
    }

    @Test
    void an_archive_of_another_kind_is_refused() throws IOException {
        Path archive = scratch.resolve("cifar-10-python.tar.gz");
        CifarFiles.writeArchive(archive, List.of("test_batch.bin"));

        assertThatThrownBy(() -> Cifar10.train(archive))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not contain data_batch_1.bin, data_batch_2.bin");

        Path text = Files.writeString(scratch.resolve("notes.txt"), "not an archive");
        assertThatThrownBy(() -> Cifar10.train(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("notes.txt")
                .hasMessageContaining("not a whole .tar.gz");
    }

    @Test
    void a_truncated_file_is_named_with_expected_and_actual_size() throws IOException {
        Path file = scratch.resolve("test_batch.bin");
        Files.write(file, CifarFiles.records(5, 9_999));

        assertThatThrownBy(() -> Cifar10.test(scratch))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("30730000")
                .hasMessageContaining("30726927");
    }

    @Test
    void an_impossible_label_is_named_with_its_record() throws IOException {
        byte[] records = CifarFiles.records(5, 10_000);
        records[17 * 3073] = 11;
        Files.write(scratch.resolve("test_batch.bin"), records);

        assertThatThrownBy(() -> Cifar10.test(scratch))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("record 17 must have a label from 0 to 9, but has 11");
    }

    @Test
    void a_missing_file_or_folder_is_named() {
        assertThatThrownBy(() -> Cifar10.train(scratch))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("data_batch_1.bin")
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> Cifar10.train(scratch.resolve("nowhere")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nowhere");
    }

    private static void assertRecord(Dataset dataset, int index, int file, int record) {
        assertThat(dataset.label(index)).isEqualTo(CifarFiles.label(file, record));
        byte[] pixels = new byte[3 + 3072];
        dataset.pixels(index, pixels, 3);
        for (int channel = 0; channel < 3; channel++) {
            for (int row = 0; row < 32; row++) {
                for (int column = 0; column < 32; column++) {
                    assertThat(pixels[3 + (channel * 32 + row) * 32 + column])
                            .isEqualTo(CifarFiles.value(file, record, channel, row));
                }
            }
        }
    }
}
