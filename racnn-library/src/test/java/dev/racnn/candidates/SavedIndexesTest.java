package dev.racnn.candidates;

import static dev.racnn.candidates.CandidateExamples.LAYOUT;
import static dev.racnn.candidates.CandidateExamples.candidate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.IndexFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedIndexesTest {
    private static final IndexFactory HNSW = engine("hnsw:m=4,build=10");
    private static final IndexFactory CODES = engine("codes:bits=64");

    @TempDir
    Path folder;

    @Test
    void a_saved_index_is_opened_and_other_engines_are_built() throws IOException {
        begin(40);
        SavedIndexes.build(folder, CODES, 1);
        assertSearchable(CODES);
        assertSearchable(HNSW);
        // Only an index that is opened can be found damaged.
        Path codes = indexFiles()
                .filter(file -> file.endsWith("index.json"))
                .findFirst()
                .orElseThrow();
        Files.writeString(codes, Files.readString(codes).replace("codes", "codas"));
        assertThatThrownBy(() -> CandidateSnapshot.open(folder, CODES, 1))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("is damaged");
        assertSearchable(HNSW);
        SavedIndexes.build(folder, CODES, 1);
        assertSearchable(CODES);
    }

    @Test
    void a_compaction_makes_the_saved_indexes_anew() throws IOException {
        begin(40);
        SavedIndexes.build(folder, CODES, 2);
        SavedIndexes.build(folder, HNSW, 2);
        try (LiveCandidateSet live = LiveCandidateSet.open(folder)) {
            live.remove(7);
            live.add(candidate(99));
            live.compact();
        }
        try (CandidateSnapshot snapshot = CandidateSnapshot.open(folder)) {
            assertThat(snapshot.base().generation()).isEqualTo(2);
            assertThat(SavedIndexes.of(snapshot.base())).containsExactlyInAnyOrder(CODES, HNSW);
        }
        assertThat(folder.resolve("generation-1")).doesNotExist();
        float[] query = candidate(99).key();
        try (CandidateSnapshot snapshot = CandidateSnapshot.open(folder, HNSW, 1)) {
            assertThat(snapshot.search(query, 1).ids()).containsExactly(99);
        }
    }

    @Test
    void settings_of_a_search_do_not_need_another_index() throws IOException {
        begin(40);
        for (String built : List.of("hnsw:m=4,build=10", "codes:bits=64", "lsh:tables=4,bits=4")) {
            IndexFactory spec = engine(built);
            SavedIndexes.build(folder, spec, 1);
            IndexFactory asked = engine(built + ",shortlist=7");
            assertThat(asked.forBuilding()).isEqualTo(spec);
            assertSearchable(asked);
        }
        damageManifests();
        for (String asked :
                List.of("hnsw:m=4,build=10,shortlist=7", "codes:bits=64,shortlist=9", "lsh:tables=4,bits=4,probes=2")) {
            assertThatThrownBy(() -> CandidateSnapshot.open(folder, engine(asked), 1))
                    .as("only an index that is opened can be found damaged")
                    .isInstanceOf(UncheckedIOException.class);
        }
        assertSearchable(engine("codes:bits=128"));
    }

    @Test
    void an_index_that_is_built_again_replaces_the_one_before() throws IOException {
        begin(40);
        for (int number = 1; number <= 3; number++) {
            SavedIndexes.build(folder, CODES, 1);
            assertThat(indexFolders()).containsExactly("index-codes-bits-64@" + number);
        }
    }

    @Test
    void what_an_interrupted_deletion_or_build_left_counts_as_none() throws IOException {
        begin(40);
        SavedIndexes.build(folder, CODES, 1);
        Path index = folder.resolve("generation-1/index-codes-bits-64@1");
        Files.delete(index.resolve("index.json"));
        Files.createDirectory(folder.resolve("generation-1/index-hnsw-m-4-build-10@7.new"));
        assertSearchable(CODES);
        assertSearchable(HNSW);
        try (CandidateSnapshot snapshot = CandidateSnapshot.open(folder)) {
            assertThat(SavedIndexes.of(snapshot.base())).isEmpty();
        }
        SavedIndexes.build(folder, CODES, 1);
        assertThat(index).doesNotExist();
    }

    @Test
    void a_damaged_index_does_not_hold_a_compaction_up() throws IOException {
        begin(40);
        SavedIndexes.build(folder, CODES, 1);
        damageManifests();
        SavedIndexes.build(folder, HNSW, 1);
        try (LiveCandidateSet live = LiveCandidateSet.open(folder)) {
            live.remove(7);
            live.compact();
        }
        try (CandidateSnapshot snapshot = CandidateSnapshot.open(folder)) {
            assertThat(SavedIndexes.of(snapshot.base())).containsExactly(HNSW);
        }
    }

    @Test
    void a_reader_whose_index_another_process_replaces_opens_the_new_one() throws IOException {
        begin(40);
        SavedIndexes.build(folder, CODES, 1);
        boolean[] compacted = {false};
        try (CandidateSnapshot snapshot = CandidateSnapshot.open(
                folder,
                (keys, threads) -> {
                    if (!compacted[0]) {
                        compacted[0] = true;
                        compactWithout(7);
                    }
                    return SavedIndexes.openOrBuild(CODES, (CandidateSet) keys, threads);
                },
                1)) {
            assertThat(snapshot.base().generation()).isEqualTo(2);
            assertThat(snapshot.contains(7)).isFalse();
        }
    }

    @Test
    void damaged_keys_are_named_in_place_of_the_index() throws IOException {
        begin(40);
        SavedIndexes.build(folder, CODES, 1);
        Path keys = folder.resolve("generation-1/keys.bin");
        byte[] content = Files.readAllBytes(keys);
        content[9] ^= 1;
        Files.write(keys, content);
        assertThatThrownBy(() -> assertSearchable(CODES)).hasMessageContaining(keys + " is damaged");
    }

    private void compactWithout(long id) {
        try (LiveCandidateSet live = LiveCandidateSet.open(folder)) {
            live.remove(id);
            live.compact();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void damageManifests() throws IOException {
        for (Path file :
                indexFiles().filter(name -> name.endsWith("index.json")).toList()) {
            Files.writeString(file, Files.readString(file).replace("\"engine\"", "\"motor\""));
        }
    }

    private List<String> indexFolders() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("generation-1"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.startsWith("index-"))
                    .toList();
        }
    }

    @Test
    void a_set_that_is_being_changed_or_empty_gets_no_index() throws IOException {
        begin(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SavedIndexes.build(folder, CODES, 1))
                .withMessageContaining("no candidate");
        try (LiveCandidateSet _ = LiveCandidateSet.open(folder)) {
            assertThatThrownBy(() -> SavedIndexes.build(folder, CODES, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is being changed");
        }
        assertThat(indexFiles()).isEmpty();
    }

    private static IndexFactory engine(String text) {
        return (IndexFactory) EngineFactory.parse(text);
    }

    private void assertSearchable(IndexFactory spec) throws IOException {
        try (CandidateSnapshot snapshot = CandidateSnapshot.open(folder, spec, 1)) {
            assertThat(snapshot.search(candidate(5).key(), 1).ids()).containsExactly(5);
        }
    }

    private Stream<Path> indexFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> found = files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("index-"))
                    .toList();
            return found.stream();
        }
    }

    private void begin(int candidates) throws IOException {
        try (CandidateSetWriter writer = CandidateSetWriter.resume(folder, LAYOUT)) {
            for (int id = 0; id < candidates; id++) {
                writer.add(candidate(id));
            }
            writer.finish();
        }
    }
}
