package dev.racnn.candidates;

import static dev.racnn.candidates.CandidateExamples.LAYOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a candidate set when the process that changes it is killed or cannot write. */
class LiveCandidateSetProcessTest {
    private static final int KILLS = 4;

    @TempDir
    Path folder;

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void a_killed_process_loses_nothing_that_it_acknowledged() throws IOException, InterruptedException {
        beginEmpty();
        SplittableRandom random = new SplittableRandom(7);
        PlainList expected = new PlainList();
        int made = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            int acknowledged = killAfter(made + random.nextInt(20, 120), made);
            for (; made < acknowledged; made++) {
                ChangingProcess.changes(expected, made);
            }
            PlainList orOneMore = expected.copy();
            ChangingProcess.changes(orOneMore, made);
            try (LiveCandidateSet live = LiveCandidateSet.open(folder, PlainScan.ENGINE, 1);
                    CandidateSnapshot snapshot = live.snapshot()) {
                // The last change may have been stored without the time to say so.
                if (!expected.isSameAs(snapshot)) {
                    expected = orOneMore;
                    made++;
                }
                expected.assertSameAs(snapshot, random, "kill " + kill + " after step " + acknowledged);
            }
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void another_process_is_refused_after_a_second_attempt_in_this_one_too() throws IOException, InterruptedException {
        beginEmpty();
        try (LiveCandidateSet _ = LiveCandidateSet.open(folder)) {
            assertThatThrownBy(() -> LiveCandidateSet.open(folder)).hasMessageContaining("is being changed");
            Process process = start(java("0"));
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                assertThat(output.readLine()).as("what it has done").isNull();
            } finally {
                process.toHandle().destroyForcibly();
            }
            assertThat(process.waitFor()).isOne();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_full_disk_is_named_and_the_last_state_serves_on() throws IOException, InterruptedException {
        beginEmpty();
        // A limit on the size of a file fails like a full disk, without needing one.
        List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -f 16; exec \"$@\"", "bash"));
        command.addAll(java("0", "adding"));
        Process process = start(command);
        List<String> lines;
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            lines = output.readAllLines();
        }
        assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
        int added = lines.size() - 2;
        assertThat(added).isGreaterThan(50);
        assertThat(lines.get(added))
                .startsWith(ChangingProcess.FAILED + "the change could not be stored in " + folder)
                .contains("the candidate set is unchanged");
        assertThat(lines.get(added + 1)).isEqualTo("still serving " + added);
        try (LiveCandidateSet live = LiveCandidateSet.open(folder, PlainScan.ENGINE, 1)) {
            assertThat(live.size()).isEqualTo(added);
            live.add(CandidateExamples.candidate(added));
        }
    }

    /** Runs a process from a step on, kills it when it has acknowledged another, and tells how many steps it said. */
    private int killAfter(int lastStep, int firstStep) throws IOException, InterruptedException {
        Process process = start(java(Integer.toString(firstStep)));
        int acknowledged = firstStep;
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                assertThat(line).startsWith(ChangingProcess.MADE);
                acknowledged = Integer.parseInt(line.substring(ChangingProcess.MADE.length())) + 1;
                if (acknowledged == lastStep) {
                    // Not Process.destroyForcibly(), which also closes the output that is still to be read.
                    process.toHandle().destroyForcibly();
                }
            }
        }
        assertThat(process.waitFor()).as("128 + SIGKILL").isEqualTo(137);
        return acknowledged;
    }

    private List<String> java(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                ChangingProcess.class.getName(),
                folder.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void beginEmpty() throws IOException {
        try (CandidateSetWriter writer = CandidateSetWriter.create(folder, LAYOUT)) {
            writer.finish();
        }
    }
}
