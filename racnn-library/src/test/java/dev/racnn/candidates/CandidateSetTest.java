package dev.racnn.candidates;

import static dev.racnn.candidates.CandidateExamples.LAYOUT;
import static dev.racnn.candidates.CandidateExamples.candidate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateSetTest {
    private static final long[] SHUFFLED = {7, 3, 1_000_000_000_000L, 0, 42, 8};

    @TempDir
    Path folder;

    @Test
    void a_set_gives_back_every_candidate_that_was_written() throws IOException {
        CandidateSet set = write(SHUFFLED);
        assertThat(set.size()).isEqualTo(SHUFFLED.length);
        assertThat(set.layout()).isEqualTo(LAYOUT);
        for (int row = 0; row < SHUFFLED.length; row++) {
            assertThat(set.candidate(row))
                    .usingRecursiveComparison()
                    .ignoringCollectionOrder()
                    .isEqualTo(candidate(SHUFFLED[row]));
        }
        set.verify();
    }

    @Test
    void rows_are_found_by_id_in_any_order_and_absent_ids_are_not() throws IOException {
        for (long[] ids : List.of(SHUFFLED, new long[] {5, 6, 7, 8}, new long[] {2, 900, 901, 5_000_000_000L})) {
            CandidateSet set = write(ids);
            for (int row = 0; row < ids.length; row++) {
                assertThat(set.rowOf(ids[row])).hasValue(row);
            }
            for (long absent : new long[] {Long.MIN_VALUE, -1, 4, 10, 899, Long.MAX_VALUE}) {
                assertThat(set.rowOf(absent)).as("row of %d", absent).isEmpty();
            }
        }
    }

    @Test
    void an_empty_set_opens_and_holds_nothing() throws IOException {
        CandidateSet set = write();
        assertThat(set.size()).isZero();
        assertThat(set.rowOf(0)).isEmpty();
        set.verify();
    }

    @Test
    void the_larger_columns_survive_the_buffers_of_the_writer() throws IOException {
        CandidateLayout wide = new CandidateLayout(3072, 256, 32, 32, List.of("only"), "");
        try (CandidateSetWriter writer = CandidateSetWriter.create(folder, wide)) {
            for (int id = 0; id < 200; id++) {
                float[] key = new float[3072];
                key[id] = id + 0.5f;
                writer.add(new Candidate(id, 0, key, new float[256], new byte[3072]));
            }
            CandidateSet set = writer.finish();
            float[] key = new float[3073];
            for (int row = 0; row < 200; row++) {
                set.copyKey(row, key, 1);
                assertThat(key[row + 1]).isEqualTo(row + 0.5f);
            }
            set.verify();
        }
    }

    @Test
    void an_unfinished_build_leaves_the_set_that_was_there() throws IOException {
        write(1, 2, 3);
        try (CandidateSetWriter writer = CandidateSetWriter.create(folder, LAYOUT)) {
            writer.add(candidate(9));
        }
        assertThat(CandidateSet.open(folder).size()).isEqualTo(3);
        assertThat(write(9).id(0)).isEqualTo(9);
        try (Stream<Path> entries = Files.list(folder)) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .containsExactlyInAnyOrder("lock", "manifest.json", "generation-2");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 10, 25, 29})
    void an_interrupted_build_continues_to_the_same_bytes(int interruptedAt) throws IOException {
        Path whole = folder.resolve("whole");
        Path resumed = folder.resolve("resumed");
        try (CandidateSetWriter writer = CandidateSetWriter.create(whole, LAYOUT)) {
            addFrom(writer, 0, 30);
            writer.finish();
        }
        try (CandidateSetWriter writer = CandidateSetWriter.locked(resumed, LAYOUT, _ -> "", false, 10)) {
            addFrom(writer, 0, interruptedAt);
        }
        try (CandidateSetWriter writer = CandidateSetWriter.locked(resumed, LAYOUT, _ -> "", true, 10)) {
            assertThat(writer.rows()).isEqualTo(interruptedAt / 10 * 10);
            addFrom(writer, writer.rows(), 30);
            writer.finish().verify();
        }
        assertThat(CandidateManifest.read(resumed)).isEqualTo(CandidateManifest.read(whole));
    }

    @Test
    void a_build_whose_partial_files_were_damaged_begins_again() throws IOException {
        try (CandidateSetWriter writer = CandidateSetWriter.locked(folder, LAYOUT, _ -> "", false, 10)) {
            addFrom(writer, 0, 20);
        }
        flip(folder.resolve("generation-1/keys.bin"), 100);
        try (CandidateSetWriter writer = CandidateSetWriter.resume(folder, LAYOUT)) {
            assertThat(writer.rows()).isZero();
        }
    }

    @Test
    void a_build_from_another_source_begins_again() throws IOException {
        try (CandidateSetWriter writer = CandidateSetWriter.locked(folder, LAYOUT, _ -> "photos", true, 10)) {
            addFrom(writer, 0, 20);
        }
        try (CandidateSetWriter writer = CandidateSetWriter.resume(folder, LAYOUT, _ -> "photos")) {
            assertThat(writer.rows()).isEqualTo(20);
        }
        try (CandidateSetWriter writer = CandidateSetWriter.resume(folder, LAYOUT, _ -> "drawings")) {
            assertThat(writer.rows()).isZero();
        }
    }

    @Test
    void duplicate_ids_are_refused_and_the_last_set_stays() throws IOException {
        write(1, 2, 3);
        assertThatIllegalArgumentException().isThrownBy(() -> write(5, 4, 5)).withMessageContaining("5 occurs twice");
        assertThat(CandidateSet.open(folder).size()).isEqualTo(3);
    }

    @Test
    void candidates_that_do_not_fit_are_refused() throws IOException {
        float[] key = new float[5];
        byte[] thumbnail = new byte[12];
        try (CandidateSetWriter writer = CandidateSetWriter.create(folder, LAYOUT)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.add(new Candidate(1, 0, new float[4], new float[3], thumbnail)))
                    .withMessageContaining("key of candidate 1 has 4 components, but the candidate set holds 5");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.add(new Candidate(1, 3, key, new float[3], thumbnail)))
                    .withMessageContaining("from 0 to 2, but is 3");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.add(new Candidate(1, 0, key, new float[3], new byte[11])))
                    .withMessageContaining("thumbnail");
        }
        float[] undefined = {0, Float.NaN, 0, 0, 0};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Candidate(1, 0, undefined, new float[3], thumbnail))
                .withMessageContaining("component 1 is NaN");
        for (float beyond : new float[] {1.1e16f, -1.1e16f, Float.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Candidate(1, 0, new float[] {beyond}, new float[3], thumbnail))
                    .withMessageContaining("at most 1.0E16 in magnitude, but component 0 is " + beyond);
        }
        for (long id : new long[] {-1, (1L << 62) + 1, Long.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Candidate(id, 0, key, new float[3], thumbnail))
                    .withMessageContaining("from 0 to 2^62, but is " + id);
        }
    }

    @Test
    void a_manifest_of_an_earlier_version_of_the_program_is_read() throws IOException {
        Files.writeString(folder.resolve("manifest.json"), """
            {
              "formatVersion" : 1,
              "generation" : 1,
              "candidates" : 5000,
              "layout" : {
                "keyDimension" : 3072,
                "featureDimension" : 256,
                "imageHeight" : 32,
                "imageWidth" : 32,
                "classNames" : [ "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck" ],
                "extractorChecksum" : "b3a27106170597a0bfeb10fe65c15943f83c380d72f38745ffa9e1fa42c346d7"
              },
              "tagNames" : [ ],
              "sortedById" : true,
              "files" : [ {
                "name" : "ids.bin",
                "bytes" : 40000,
                "crc32c" : "96c52d0f"
              }, {
                "name" : "labels.bin",
                "bytes" : 20000,
                "crc32c" : "efd41fe2"
              }, {
                "name" : "keys.bin",
                "bytes" : 61440000,
                "crc32c" : "1d53887"
              }, {
                "name" : "features.bin",
                "bytes" : 5120000,
                "crc32c" : "23745dcf"
              }, {
                "name" : "thumbnails.bin",
                "bytes" : 15360000,
                "crc32c" : "fff8209b"
              }, {
                "name" : "tag-ends.bin",
                "bytes" : 20000,
                "crc32c" : "21618b6b"
              }, {
                "name" : "tags.bin",
                "bytes" : 0,
                "crc32c" : "0"
              } ],
              "checksum" : "8cdb3dc0"
            }
            """);
        CandidateManifest manifest = CandidateManifest.read(folder);
        assertThat(manifest.candidates()).isEqualTo(5000);
        assertThat(manifest.layout().keyDimension()).isEqualTo(3072);
        assertThat(manifest.firstFreeId()).isZero();
        assertThat(manifest.files()).hasSize(7);
    }

    @Test
    void a_missing_set_or_one_of_another_version_is_named() throws IOException {
        assertThatThrownBy(() -> CandidateSet.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no manifest.json");
        write(1, 2);
        Path manifest = folder.resolve("manifest.json");
        Files.writeString(
                manifest, Files.readString(manifest).replace("\"formatVersion\" : 1", "\"formatVersion\" : 9"));
        assertThatThrownBy(() -> CandidateSet.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format version 9, but this program reads version 1");
    }

    @Test
    void truncated_and_missing_files_are_noticed_at_opening() throws IOException {
        write(1, 2, 3);
        Path keys = folder.resolve("generation-1/keys.bin");
        Files.write(keys, new byte[59]);
        assertThatThrownBy(() -> CandidateSet.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("keys.bin must hold 60 bytes, but holds 59");
        Files.delete(keys);
        assertThatThrownBy(() -> CandidateSet.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("keys.bin is missing");
    }

    @Test
    void a_flipped_byte_in_a_small_column_is_noticed_at_opening() throws IOException {
        write(SHUFFLED);
        for (String name : List.of("ids.bin", "labels.bin", "tag-ends.bin", "tags.bin", "order.bin")) {
            Path file = folder.resolve("generation-1/" + name);
            flip(file, 1);
            assertThatThrownBy(() -> CandidateSet.open(folder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file + " is damaged");
            flip(file, 1);
        }
    }

    @Test
    void a_feature_that_is_not_a_number_is_refused_with_its_file() throws IOException {
        CandidateSet sound = write(SHUFFLED);
        float[] feature = new float[3];
        sound.copyFeature(1, feature, 0);
        Path file = folder.resolve("generation-1/features.bin");
        byte[] content = Files.readAllBytes(file);
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putFloat(16, Float.NaN);
        Files.write(file, content);
        CandidateSet set = CandidateSet.open(folder);
        set.copyFeature(0, feature, 0);
        assertThatThrownBy(() -> set.copyFeature(1, feature, 0))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file + " is damaged: component 1 of candidate 3 is NaN");
    }

    @Test
    void a_flipped_byte_anywhere_is_noticed() throws IOException {
        write(SHUFFLED);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(CandidateSetTest::holdsContent).toList()) {
                for (int position = 0; position < Files.size(file); position += 7) {
                    flip(file, position);
                    assertThatThrownBy(() -> CandidateSet.open(folder).verify())
                            .as("byte %d of %s", position, file)
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining(folder.toString());
                    flip(file, position);
                }
            }
        }
        CandidateSet.open(folder).verify();
    }

    @Test
    void two_writers_at_once_are_refused() throws IOException {
        try (CandidateSetWriter writer = CandidateSetWriter.create(folder, LAYOUT)) {
            assertThat(writer.rows()).isZero();
            assertThatThrownBy(() -> CandidateSetWriter.create(folder, LAYOUT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is being changed by another process or thread");
        }
        write(1);
    }

    @Test
    void a_folder_that_cannot_be_made_is_named() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "", StandardCharsets.UTF_8);
        assertThatThrownBy(() -> CandidateSetWriter.create(file.resolve("set"), LAYOUT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not writable");
    }

    @Test
    void tags_are_kept_by_row() throws IOException {
        CandidateSet set = write(LongStream.range(0, 50).toArray());
        for (int row = 0; row < 50; row++) {
            assertThat(set.tags(row)).isEqualTo(candidate(row).tags());
        }
        assertThat(Set.copyOf(set.tagNames())).isEqualTo(Set.of("night", "crop-0", "crop-1"));
    }

    private CandidateSet write(long... ids) {
        try (CandidateSetWriter writer = CandidateSetWriter.create(folder, LAYOUT)) {
            for (long id : ids) {
                writer.add(candidate(id));
            }
            return writer.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addFrom(CandidateSetWriter writer, int from, int to) throws IOException {
        for (int id = from; id < to; id++) {
            writer.add(candidate(id));
        }
    }

    private static boolean holdsContent(Path file) {
        return Files.isRegularFile(file) && !file.endsWith("lock");
    }

    private static void flip(Path file, int position) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[position] ^= 0x10;
        Files.write(file, content);
    }
}
