package dev.racnn.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchScaleTest {
    @TempDir
    Path folder;

    @Test
    void a_set_is_built_opened_and_searched() throws IOException {
        Path json = folder.resolve("scale.json");
        CommandRun run = CommandRun.of(
                "bench",
                "scale",
                "--candidates=2500",
                "--dimension=16",
                "--queries=64",
                "--engine=hnsw:shortlist=20",
                "--out=" + folder.resolve("set"),
                "--json=" + json);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("\"candidates\": 2500", "\"open_ms\"", "\"queries_per_second\"");
        assertThat(run.out())
                .contains(
                        "\"engine\": \"hnsw:shortlist=20\"",
                        "\"first_answer_seconds\"",
                        "\"found_themselves\": 1.0000");
        assertThat(folder.resolve("set/generation-1/index-hnsw@1")).isDirectory();
        assertThat(Files.readString(json)).isEqualToNormalizingNewlines(run.out());
    }
}
