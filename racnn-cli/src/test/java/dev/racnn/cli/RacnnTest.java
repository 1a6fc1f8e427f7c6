package dev.racnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RacnnTest {
    @TempDir
    Path folder;

    @Test
    void help_goes_to_standard_output_and_names_the_commands() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: racnn", "data", "--help", "--version");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void every_command_has_help() {
        CommandRun run = CommandRun.of("data", "info", "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: racnn data info", "DATA", "cifar10:DIR");
    }

    @Test
    void the_version_is_printed() {
        assertThat(CommandRun.of("--version").out()).matches("racnn \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    @Test
    void wrong_usage_is_one_line_and_exit_code_2() {
        CommandRun unknown = CommandRun.of("data", "inof", "x");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).startsWith("racnn: ").contains("inof").hasLineCount(1);

        CommandRun none = CommandRun.of();
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).startsWith("racnn: a command is missing").hasLineCount(1);

        CommandRun group = CommandRun.of("data");
        assertThat(group.exitCode()).isEqualTo(2);
        assertThat(group.err()).contains("a command is missing", "info").hasLineCount(1);
    }

    @Test
    void the_service_finds_its_annotations_beside_the_clients_of_opensearch() throws ClassNotFoundException {
        // These ask for an older jakarta.annotation-api, without which the service starts in its own tests but not
        // here.
        assertThat(Class.forName("jakarta.annotation.Nullable")).isAnnotation();
    }

    @Test
    void the_name_of_a_file_or_folder_is_not_empty() {
        for (String option : new String[] {"--out=", "--model="}) {
            CommandRun run =
                    CommandRun.of("evaluate", "--model=m.pt", "--data=bundled", "--suite=fgsm", "--out=x", option);
            assertThat(run.exitCode()).as(option).isEqualTo(2);
            assertThat(run.err())
                    .contains("must name a file or folder, but is empty")
                    .hasLineCount(1);
        }
        CommandRun current = CommandRun.of("data", "info", "folder:.");
        assertThat(current.err()).doesNotContain("is empty;");
    }

    @Test
    void an_unknown_scheme_is_wrong_usage_and_the_nearest_known_one_is_named() {
        CommandRun run = CommandRun.of("data", "info", "cifar-10:/data");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("'cifar-10:/data'", "did you mean cifar10:/data?")
                .hasLineCount(1);
    }

    @Test
    void a_failure_is_one_line_and_exit_code_1() {
        Path missing = folder.resolve("missing folder");
        CommandRun run = CommandRun.of("data", "info", "cifar10:" + missing);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("racnn: ").contains(missing.toString()).hasLineCount(1);
    }

    @Test
    void the_hidden_option_adds_the_stack_trace() {
        CommandRun run = CommandRun.of("data", "info", "cifar10:" + folder, "--stacktrace");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("NoSuchFileException", "\tat dev.racnn.data.Cifar10");
        assertThat(CommandRun.of("--help").out()).doesNotContain("stacktrace");
    }

    @Test
    void results_that_cannot_be_written_are_a_failure() {
        Writer full = new Writer() {
            @Override
            public void write(char[] text, int offset, int length) throws IOException {
                throw new IOException("No space left on device");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        StringWriter err = new StringWriter();
        assertThat(Main.run(new PrintWriter(full), new PrintWriter(err, true), "--help"))
                .isOne();
        assertThat(err.toString()).startsWith("racnn: standard output").hasLineCount(1);
    }

    @Test
    void more_threads_than_any_machine_has_are_refused() {
        CommandRun run = CommandRun.of("classify", "--model=m", "--threads=100000", "a.png");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--threads must be at most", "100000").hasLineCount(1);
    }

    @Test
    void a_device_that_is_none_is_wrong_usage() {
        CommandRun run = CommandRun.of("classify", "--model=m", "--device=gpu", "a.png");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("--device must be cpu, cuda, cuda:N, mps or auto, but is gpu")
                .hasLineCount(1);
    }

    @Test
    void a_device_that_is_not_there_fails_in_one_line_and_not_in_silence() {
        CommandRun run = CommandRun.of("classify", "--model=m", "--device=cuda:99", "a.png");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("racnn: there is no device cuda:99: ").hasLineCount(1);
    }
}
