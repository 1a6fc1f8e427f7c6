package dev.racnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
    @TempDir
    private Path folder;

    @Test
    void an_unknown_suite_is_wrong_usage_and_names_the_nearest_one() {
        CommandRun run = CommandRun.of(
                "evaluate", "--model", "m", "--data", "bundled", "--suite", "papr", "--out", folder.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'papr'", "did you mean 'paper'?").hasLineCount(1);
    }

    @Test
    void an_unknown_engine_is_wrong_usage_and_names_the_nearest_one() {
        CommandRun run = CommandRun.of(
                "evaluate", "--model", "m", "--data", "bundled", "--engine", "hnws", "--out", folder.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("hnws", "did you mean").hasLineCount(1);
    }

    @Test
    void a_folder_that_is_no_bundle_is_named_and_nothing_is_written() {
        Path out = folder.resolve("out");
        CommandRun run =
                CommandRun.of("evaluate", "--model", folder.toString(), "--data", "bundled", "--out", out.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(folder.toString(), "not a bundle");
        assertThat(out).doesNotExist();
    }

    @Test
    void a_report_needs_an_evaluation() {
        CommandRun run = CommandRun.of("report", folder.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(folder.toString(), "evaluation.json", "racnn evaluate")
                .hasLineCount(1);
    }
}
