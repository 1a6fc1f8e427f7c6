package dev.racnn.cli.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.cli.CommandRun;
import dev.racnn.data.Bundled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentCommandTest {
    @TempDir
    private Path folder;

    @Test
    void a_file_that_is_not_there_or_wrong_is_named_in_one_line() throws IOException {
        CommandRun missing = run(folder.resolve("none.yaml"), "bundled");
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err()).contains("none.yaml", "no such experiment").hasLineCount(1);

        CommandRun wrong = run(Files.writeString(folder.resolve("wrong.yaml"), "modles: {}\n"), "bundled");
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.err()).contains("wrong.yaml", "did you mean 'models'?").hasLineCount(1);
    }

    @Test
    void a_part_that_is_none_is_wrong_usage() throws IOException {
        Path file = Files.writeString(folder.resolve("some.yaml"), "models: {}\n");
        for (String part : new String[] {"5/4", "0/4", "half"}) {
            CommandRun run = run(file, "bundled", "--part", part);
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("a part must be I/N", part).hasLineCount(1);
        }
    }

    @Test
    void a_merge_needs_results() {
        CommandRun run = CommandRun.of(
                "experiment",
                "merge",
                folder.toString(),
                "--out",
                folder.resolve("out").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(folder.toString(), "experiment.json", "racnn experiment run")
                .hasLineCount(1);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void a_run_prints_its_table_and_writes_page_markdown_and_numbers() throws IOException {
        assertThat(Bundled.test().size()).isEqualTo(1000);
        Path file = Files.writeString(folder.resolve("one.yaml"), """
            title: One model
            models:
              Baseline: {bundle: %s}
            attacks:
              - {attack: fgsm, set: {epsilons: 20}, images: 2, batch: 2, msd: [1e-2]}
            """.formatted(
                        Path.of("../models/cifar10-baseline").toAbsolutePath()));
        CommandRun run = run(file, "bundled");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("experiment: 2 cells");
        assertThat(run.out()).contains("Baseline", "report " + folder.resolve("out/report.html"));
        assertThat(folder.resolve("out/report.html")).content().contains("<h1>One model</h1>");
        assertThat(folder.resolve("out/report.md")).content().contains("experiment run", "n = 1,000");
        assertThat(folder.resolve("out/results.csv")).content().contains("Baseline,1,clean,0,1000,0.86");
    }

    private CommandRun run(Path file, String data, String... more) {
        String[] all = new String[more.length + 6];
        String[] first = {
            "experiment", "run", file.toString(), "--data=" + data, "--out=" + folder.resolve("out"), "--threads=1"
        };
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return CommandRun.of(all);
    }
}
