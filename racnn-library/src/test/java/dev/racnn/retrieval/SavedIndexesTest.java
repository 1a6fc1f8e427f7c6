package dev.racnn.retrieval;

import static dev.racnn.retrieval.CandidateExamples.LAYOUT;
import static dev.racnn.retrieval.CandidateExamples.candidate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedIndexesTest {
    private static final EngineSpec HNSW = EngineSpec.parse("hnsw:m=4,build=10");
    private static final EngineSpec CODES = EngineSpec.parse("codes:bits=64");

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
        assertThatThrownBy(() -> CandidateSnapshot.open(folder, keys -> SavedIndexes.openOrBuild(CODES, keys, 1)))
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
        try (CandidateSnapshot snapshot =
                CandidateSnapshot.open(folder, keys -> SavedIndexes.openOrBuild(HNSW, keys, 1))) {
            assertThat(snapshot.search(query, 1).ids()).containsExactly(99);
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

    private void assertSearchable(EngineSpec spec) throws IOException {
        try (CandidateSnapshot snapshot =
                CandidateSnapshot.open(folder, keys -> SavedIndexes.openOrBuild(spec, keys, 1))) {
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
