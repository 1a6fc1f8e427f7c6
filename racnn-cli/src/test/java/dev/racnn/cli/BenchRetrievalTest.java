package dev.racnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchRetrievalTest {
    @TempDir
    private Path folder;

    @Test
    void exact_search_and_libtorch_agree_and_the_measurements_are_written() throws IOException {
        Path json = folder.resolve("bench.json");
        Path svg = folder.resolve("bench.svg");
        CommandRun run = CommandRun.of(
                "bench",
                "retrieval",
                "--generate=400x16",
                "--query-count=30",
                "--rounds=1",
                "--engine=exact",
                "--engine=libtorch",
                "--engine=codes:shortlist=10",
                "--json=" + json,
                "--svg=" + svg);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("400 keys of dimension 16", "codes:shortlist=10");
        JsonNode engines = JsonMapper.shared().readTree(Files.readString(json)).path("engines");
        assertThat(engines.size()).isEqualTo(3);
        assertThat(engines.get(0).path("quality").path("recall").asDouble()).isEqualTo(1);
        assertThat(engines.get(1).path("quality").path("recall").asDouble()).isGreaterThan(0.99);
        assertThat(engines.get(2).path("quality").path("recall").asDouble()).isBetween(0.1, 1.0);
        assertThat(Files.readString(svg))
                .startsWith("<svg")
                .contains("libtorch")
                .endsWith("</svg>\n");
    }

    @Test
    void tuning_names_the_fastest_engine_that_is_good_enough() throws IOException {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (40, 1), }";
        ByteBuffer content = ByteBuffer.allocate(10 + header.length() + 160).order(ByteOrder.LITTLE_ENDIAN);
        content.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length());
        content.put(header.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 40; i++) {
            content.putFloat(i % 2 * 1000 + i * i);
        }
        Path keys = Files.write(folder.resolve("keys.npy"), content.array());
        CommandRun run = CommandRun.of(
                "index", "tune", "--keys=" + keys, "--query-count=10", "--rounds=1", "-k=3", "--engine=exact");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("30 keys of dimension 1", "every 4th key asked for");
        assertThat(run.out()).contains("fastest with recall of at least 0.99: exact");
    }

    @Test
    void an_unknown_engine_is_wrong_usage() {
        CommandRun run = CommandRun.of("index", "tune", "--engine=hsnw");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("unknown retrieval engine `hsnw`", "did you mean `hnsw`?");
    }
}
