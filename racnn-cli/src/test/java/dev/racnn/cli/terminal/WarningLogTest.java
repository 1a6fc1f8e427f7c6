package dev.racnn.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WarningLogTest {
    @Test
    void lucene_does_not_tell_which_instructions_it_found() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "bench",
                        "retrieval",
                        "--generate=100x8",
                        "--query-count=10",
                        "--rounds=1",
                        "--engine=hnsw")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.lines()).anyMatch(line -> line.contains("hnsw")).noneMatch(line -> line.contains("INFO"));
        }
        assertThat(process.waitFor()).isZero();
    }
}
