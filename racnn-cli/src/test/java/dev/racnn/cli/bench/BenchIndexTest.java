package dev.racnn.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchIndexTest {
    /** The RaCNN that ships with the project, whose candidates do not. */
    private static final Path TRAINED = Path.of("../models/cifar10-racnn-k10-mixup");

    @TempDir
    private Path folder;

    @Test
    void making_a_candidate_set_is_measured_beside_its_passes_and_leaves_the_bundle_alone() throws IOException {
        Path bundle = Files.createDirectory(folder.resolve("bundle"));
        for (String file : new String[] {"bundle.json", "weights.safetensors"}) {
            Files.copy(TRAINED.resolve(file), bundle.resolve(file));
        }
        Path json = folder.resolve("index.json");
        CommandRun run = CommandRun.of(
                "bench",
                "index",
                "--model=" + bundle,
                "--data=bundled",
                "--limit=260",
                "--rounds=1",
                "--precision=fp32",
                "--out=" + folder.resolve("sets"),
                "--json=" + json);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("260 images in FP32", "passes", "candidate set");
        JsonNode rows = JsonMapper.shared().readTree(Files.readString(json));
        assertThat(rows.path("passes").path("ratio").path("median").asDouble()).isEqualTo(1);
        assertThat(rows.path("candidate set")
                        .path("processorRatio")
                        .path("median")
                        .asDouble())
                .as("a set cannot be made without its passes; half leaves room for a busy machine")
                .isGreaterThan(0.5);
        assertThat(bundle.toFile().list()).containsOnly("bundle.json", "weights.safetensors");
        assertThat(folder.resolve("sets")).isEmptyDirectory();
    }

    @Test
    void no_rounds_and_a_folder_with_files_are_refused() throws IOException {
        assertThat(refused("--rounds=0", "--out=" + folder.resolve("sets")))
                .contains("--rounds must be at least 1, but is 0");
        Files.writeString(folder.resolve("mine.txt"), "mine");
        assertThat(refused("--out=" + folder)).contains("--out must be empty for candidate sets, but " + folder);
        assertThat(folder.resolve("mine.txt")).hasContent("mine");
    }

    private static String refused(String... options) {
        String[] line = Stream.concat(
                        Stream.of("bench", "index", "--model=" + TRAINED, "--data=bundled", "--limit=10"),
                        Stream.of(options))
                .toArray(String[]::new);
        CommandRun run = CommandRun.of(line);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1);
        return run.err();
    }
}
