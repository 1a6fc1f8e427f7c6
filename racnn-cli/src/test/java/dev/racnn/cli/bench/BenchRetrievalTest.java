package dev.racnn.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.bench.EngineMeasurement;
import dev.racnn.candidates.Candidate;
import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSetWriter;
import dev.racnn.cli.CommandRun;
import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.RetrievalQuality;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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
                .contains("400 x 16 keys, k = 10", "one query at a time", "batches of 128", "<polyline", "libtorch")
                .endsWith("</svg>\n");
    }

    @Test
    void names_in_the_plot_do_not_overlap() {
        List<EngineMeasurement> close = IntStream.range(0, 30)
                .mapToObj(i -> new EngineMeasurement(
                        "engine-" + i, 1, 1, new RetrievalQuality(1, 1, 0.999, 1), 1000 + i, 5000 + i % 3))
                .toList();
        VectorOptions.Vectors vectors =
                new VectorOptions.Vectors("a & b", ArrayKeys.numbered(new float[4], 2), new float[2], null);
        String svg = RecallPlot.svg(vectors, close, 1, 8);
        assertThat(svg).contains("a &amp; b");
        for (String panel : svg.split("<g ", -1)) {
            double[] heights = Pattern.compile("y=\"([0-9.]+)\"[^>]*>engine-")
                    .matcher(panel)
                    .results()
                    .mapToDouble(found -> Double.parseDouble(found.group(1)))
                    .sorted()
                    .toArray();
            for (int i = 1; i < heights.length; i++) {
                assertThat(heights[i] - heights[i - 1]).isGreaterThanOrEqualTo(15.9);
            }
        }
    }

    @Test
    void tuning_reads_a_set_with_changes_as_it_is_now() throws IOException {
        Path set = folder.resolve("candidates");
        CandidateLayout layout = new CandidateLayout(1, 1, 1, 1, List.of("cat"), "abc");
        try (CandidateSetWriter writer = CandidateSetWriter.create(set, layout)) {
            for (int id = 0; id < 30; id++) {
                writer.add(new Candidate(id, 0, new float[] {id * id}, new float[1], new byte[3]));
            }
            writer.finish();
        }
        assertThat(CommandRun.of("index", "remove", "--model", folder.toString(), "7", "8")
                        .exitCode())
                .isZero();
        CommandRun run = CommandRun.of(
                "index",
                "tune",
                "--model=" + folder,
                "--query-count=14",
                "--rounds=1",
                "-k=2",
                "--engine=auto",
                "--threads=2");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("14 keys of dimension 1", "2 threads, by the clock")
                .contains("fastest with recall of at least 0.99: exact");
        CommandRun cluster =
                CommandRun.of("index", "tune", "--model=" + folder, "--engine=opensearch:http://127.0.0.1:1/x");
        assertThat(cluster.exitCode()).isEqualTo(2);
        assertThat(cluster.err()).contains("give --queries FILE");
    }

    @Test
    void options_out_of_range_are_wrong_usage() {
        for (String option : List.of(
                "--rounds=0",
                "--query-count=0",
                "--generate=1000x99999999",
                "--generate=0x5",
                "--recall=2",
                "--threads=0")) {
            CommandRun run = CommandRun.of("index", "tune", "--engine=exact", option);
            assertThat(run.exitCode()).as(option + ": " + run.err()).isEqualTo(2);
            assertThat(run.err()).hasLineCount(1);
        }
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
    void the_queries_and_true_neighbours_of_an_ann_benchmarks_file_are_used() throws IOException {
        Path file = folder.resolve("line.hdf5");
        try (WritableHdfFile content = HdfFile.write(file)) {
            content.putAttribute("distance", "euclidean");
            content.putDataset("train", new float[][] {{0, 0}, {1, 0}, {3, 0}, {7, 0}});
            content.putDataset("test", new float[][] {{1.25f, 0}, {6, 0}});
            // The last neighbour is not the true one, so a recall of 1 would have been computed, not read.
            content.putDataset("neighbors", new int[][] {{1, 0}, {3, 0}});
            content.putDataset("distances", new float[][] {{0.25f, 1.25f}, {1, 6}});
        }
        Path json = folder.resolve("bench.json");
        assertThat(recall(file, json, 2)).isEqualTo(0.75);
        assertThat(recall(file, json, 3))
                .as("with more neighbours than the file gives")
                .isEqualTo(1);
    }

    @Test
    void angular_distance_compares_directions() throws IOException {
        Path file = folder.resolve("angles.hdf5");
        try (WritableHdfFile content = HdfFile.write(file)) {
            content.putAttribute("distance", "angular");
            content.putDataset("train", new float[][] {{1, 0}, {3, 3}, {0, 100}});
            content.putDataset("test", new float[][] {{0, 2}});
            content.putDataset("neighbors", new int[][] {{2, 1, 0}});
            content.putDataset("distances", new float[][] {{0, 0.29289323f, 1}});
        }
        JsonNode quality = quality(file, folder.resolve("angles.json"), 2);
        assertThat(quality.path("recall").asDouble()).isEqualTo(1);
        assertThat(quality.path("distanceRatio").asDouble()).isCloseTo(1, within(1e-6));
    }

    @Test
    void a_vector_without_an_angle_is_as_far_as_the_file_has_it() throws IOException {
        // Farther than the right angle that it counts as, (-1, -1) comes after it.
        Path file = folder.resolve("zero.hdf5");
        float[][] keys = {{-1, -1}, {0, 0}, {1, 0}, {0, 3}, {-1, -2}};
        zeros(file, keys, new float[][] {{1, 1}, {5, 0}}, 1);
        JsonNode quality = quality(file, folder.resolve("zero.json"), 3);
        assertThat(quality.path("recall").asDouble()).isEqualTo(1);
        assertThat(quality.path("distanceRatio").asDouble()).isCloseTo(1, within(1e-6));

        zeros(file, keys, new float[][] {{1, 1}, {5, 0}}, 0.5f);
        assertThat(CommandRun.of("bench", "retrieval", "--keys=" + file, "--engine=exact")
                        .err())
                .contains("row 1 of dataset train of " + file, "distance as 0.5; take it out");
        zeros(file, keys, new float[][] {{1, 1}, {0, 0}}, 1);
        assertThat(CommandRun.of("bench", "retrieval", "--keys=" + file, "--engine=exact")
                        .err())
                .contains("row 1 of dataset test of " + file, "all keys are equally far");
    }

    private static void zeros(Path file, float[][] keys, float[][] queries, float distance) {
        try (WritableHdfFile content = HdfFile.write(file)) {
            content.putAttribute("distance", "angular");
            content.putDataset("train", keys);
            content.putDataset("test", queries);
            content.putDataset("neighbors", new int[][] {{2, 3, 1}, {2, 3, 1}});
            content.putDataset("distances", new float[][] {{0.29289323f, 0.29289323f, distance}, {0, 1, distance}});
        }
    }

    @Test
    void a_file_that_is_no_such_file_is_refused_in_a_line() throws IOException {
        Path file = folder.resolve("other.hdf5");
        try (WritableHdfFile content = HdfFile.write(file)) {
            content.putDataset("test", new float[][] {{0, 2}});
        }
        assertThat(CommandRun.of("bench", "retrieval", "--keys=" + file).err())
                .contains(file + " must hold a dataset train, as files of ann-benchmarks do, but holds [test]");
        Files.writeString(file, "no HDF5");
        assertThat(CommandRun.of("bench", "retrieval", "--keys=" + file).err())
                .contains(file + " cannot be read as HDF5");
    }

    private static double recall(Path file, Path json, int k) throws IOException {
        return quality(file, json, k).path("recall").asDouble();
    }

    private static JsonNode quality(Path file, Path json, int k) throws IOException {
        CommandRun run = CommandRun.of(
                "bench", "retrieval", "--keys=" + file, "-k=" + k, "--rounds=1", "--engine=exact", "--json=" + json);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return JsonMapper.shared()
                .readTree(Files.readString(json))
                .path("engines")
                .get(0)
                .path("quality");
    }

    @Test
    void an_unknown_engine_is_wrong_usage() {
        CommandRun run = CommandRun.of("index", "tune", "--engine=hsnw");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("unknown retrieval engine 'hsnw'", "did you mean 'hnsw'?");
        assertThat(CommandRun.of("bench", "retrieval", "--engine=libtroch").err())
                .contains("known are exact, lsh, codes, hnsw, auto, libtorch, opensearch; did you mean 'libtorch'?");
    }
}
