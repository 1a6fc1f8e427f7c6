package dev.racnn.cli.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.candidates.Candidate;
import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSet;
import dev.racnn.candidates.CandidateSetWriter;
import dev.racnn.candidates.SavedIndexes;
import dev.racnn.cli.CommandRun;
import dev.racnn.retrieval.Codes;
import dev.racnn.retrieval.Exact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexCommandTest {
    @TempDir
    Path bundle;

    @BeforeEach
    void build() throws IOException {
        CandidateLayout layout = new CandidateLayout(2, 1, 1, 1, List.of("cat", "dog"), "abc");
        try (CandidateSetWriter writer = CandidateSetWriter.create(bundle.resolve("candidates"), layout)) {
            for (int id = 0; id < 6; id++) {
                Set<String> tags = id < 2 ? Set.of("night") : Set.of();
                writer.add(new Candidate(id, id % 2, new float[] {id, 0}, new float[1], new byte[3], tags));
            }
            writer.finish();
        }
    }

    @Test
    void info_counts_candidates_by_class_and_tag() {
        CommandRun run = index("info", "--verify");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("candidates     6: 6 in the base, less 0, plus 0")
                .contains("extractor      abc")
                .contains("the base is as it was written")
                .containsPattern("0 +3 +cat")
                .containsPattern("1 +3 +dog")
                .containsPattern("night +2");
    }

    @Test
    void removing_and_relabelling_lasts_and_is_compacted_away() throws IOException {
        assertThat(index("remove", "3", "--tag", "night").out()).contains("removed 3, 3 candidates remain");
        assertThat(index("relabel", "--label", "dog", "2", "4").out()).contains("relabelled 2 as dog");
        assertThat(index("info").out())
                .contains("candidates     3: 6 in the base, less 5, plus 2")
                .containsPattern("1 +3 +dog");
        assertThat(index("compact").out()).contains("3 candidates");
        assertThat(index("info").out()).contains("candidates     3: 3 in the base, less 0, plus 0");
        CandidateSet set = CandidateSet.open(bundle.resolve("candidates"));
        assertThat(set.size()).isEqualTo(3);
        assertThat(set.label(0)).isOne();
    }

    @Test
    void wrong_ids_classes_and_folders_fail_in_one_line() {
        assertThat(index("remove", "9").err())
                .isEqualTo("racnn: no candidate has the id 9; it may have been removed\n");
        assertThat(index("relabel", "--label", "cta", "1").err())
                .contains("no class is named 'cta'; did you mean 'cat'?");
        assertThat(index("relabel", "--label", "aardvark", "1").err())
                .contains("no class is named 'aardvark'; `index info` lists the classes");
        assertThat(index("remove").exitCode()).isEqualTo(2);
        CommandRun absent = CommandRun.of(
                "index", "info", "--model", bundle.resolve("absent").toString());
        assertThat(absent.exitCode()).isOne();
        assertThat(absent.err()).contains("has no manifest.json");
    }

    @Test
    void verify_names_the_file_with_a_flipped_byte() throws IOException {
        Path keys = bundle.resolve("candidates/generation-1/keys.bin");
        byte[] content = Files.readAllBytes(keys);
        content[5] ^= 1;
        Files.write(keys, content);

        CommandRun run = index("info", "--verify");

        assertThat(run.exitCode()).isOne();
        assertThat(run.err()).contains("keys.bin is damaged");
    }

    @Test
    void info_goes_on_after_a_damaged_index_and_counts_every_byte() throws IOException {
        Path set = bundle.resolve("candidates");
        SavedIndexes.build(set, new Exact(), 1);
        SavedIndexes.build(set, new Codes(), 1);
        assertThat(index("remove", "5").exitCode()).isZero();
        Path generation = set.resolve("generation-1");
        assertThat(index("info").out())
                .containsPattern("indexes +codes\n +exact\n")
                .contains("bytes          %d: ".formatted(bytesIn(generation)));
        Path codes = generation.resolve("index-codes@1");
        Path damaged;
        try (Stream<Path> files = Files.list(codes)) {
            damaged = files.filter(file -> file.toString().endsWith(".bin"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] content = Files.readAllBytes(damaged);
        content[0] ^= 1;
        Files.write(damaged, content);
        assertThat(index("info").exitCode()).isZero();

        CommandRun verified = index("info", "--verify");
        assertThat(verified.exitCode()).isOne();
        assertThat(verified.out())
                .contains("codes damaged: " + damaged + " is damaged")
                .containsPattern("1 +2 +dog");
        assertThat(verified.err()).contains(damaged + " is damaged").hasLineCount(1);

        Files.writeString(codes.resolve("index.json"), "{\"formatVersion\": 1}");
        CommandRun old = index("info");
        assertThat(old.exitCode()).as(old.err()).isZero();
        assertThat(old.out())
                .contains("index-codes@1 damaged: ", "has format version 1")
                .containsPattern("\n +exact\n");
    }

    @Test
    void an_unknown_tag_is_an_error_and_ids_count_once() {
        CommandRun typo = index("remove", "--tag", "nigth");
        assertThat(typo.exitCode()).isOne();
        assertThat(typo.err()).contains("no candidate has the tag 'nigth'; did you mean 'night'?");
        assertThat(index("remove", "--tag", "").err()).contains("no candidate has the tag ''");
        assertThat(index("relabel", "--label", "dog", "2", "2", "4").out()).contains("relabelled 2 as dog");
        assertThat(index("remove", "3", "3").out()).contains("removed 1, 5 candidates remain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "\u0000", "\u2028"})
    void a_tag_must_be_readable(String tag) {
        CommandRun run = index("add", "--label", "cat", "--tag", tag, "cat.png");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("a tag must be 1 to 100 printable characters")
                .hasLineCount(1);
    }

    @Test
    void a_tag_has_at_most_100_characters() {
        CommandRun run = index("add", "--label", "cat", "--tag", "x".repeat(70_000), "cat.png");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'xxxxxxxxxxxxxxxxxxxx...' has 70000").hasSizeLessThan(300);
        assertThat(new TagConverter().convert("ö".repeat(100))).hasSize(100);
    }

    @Test
    void an_engine_that_is_none_is_wrong_usage() {
        assertThat(index("build", "--engine", "hsnw").exitCode()).isEqualTo(2);
        assertThat(index("build", "--engine", "hsnw").err())
                .contains("known are exact, lsh, codes, hnsw, auto, libtorch, opensearch; did you mean 'hnsw'?");
        assertThat(index("upload", "hnsw").exitCode()).isEqualTo(2);
        assertThat(index("build", "--default").err()).contains("add --engine ENGINE");
        assertThat(index("build", "--replace").err()).contains("add --data DATA");
    }

    private static long bytesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private CommandRun index(String command, String... arguments) {
        String[] line = new String[arguments.length + 4];
        System.arraycopy(new String[] {"index", command, "--model", bundle.toString()}, 0, line, 0, 4);
        System.arraycopy(arguments, 0, line, 4, arguments.length);
        return CommandRun.of(line);
    }
}
