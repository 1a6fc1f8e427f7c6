package dev.racnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.retrieval.Candidate;
import dev.racnn.retrieval.CandidateLayout;
import dev.racnn.retrieval.CandidateSet;
import dev.racnn.retrieval.CandidateSetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                .contains("all as written")
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

    private CommandRun index(String command, String... arguments) {
        String[] line = new String[arguments.length + 4];
        System.arraycopy(new String[] {"index", command, "--model", bundle.toString()}, 0, line, 0, 4);
        System.arraycopy(arguments, 0, line, 4, arguments.length);
        return CommandRun.of(line);
    }
}
