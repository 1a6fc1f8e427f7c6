package dev.racnn.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

class ErrorLineTest {
    @Test
    void file_errors_without_a_reason_get_one() {
        assertThat(ErrorLine.of(new NoSuchFileException("a/b.bin"))).isEqualTo("a/b.bin: no such file or folder");
        assertThat(ErrorLine.of(new AccessDeniedException("a/b.bin"))).isEqualTo("a/b.bin: permission denied");
        assertThat(ErrorLine.of(new NoSuchFileException("a", null, "why"))).isEqualTo("a: why");
    }

    @Test
    void names_that_the_system_cannot_spell_come_with_a_remedy() {
        InvalidPathException name = new InvalidPathException("caf??", "Malformed input");
        assertThat(ErrorLine.of(name))
                .startsWith("caf??: cannot be the name of a file")
                .contains("LC_ALL=C.UTF-8");
        assertThat(ErrorLine.of(new ParameterException(new CommandLine(new Empty()), "cannot convert", name)))
                .isEqualTo(ErrorLine.of(name));
        assertThat(ErrorLine.of(new NoSuchFileException("latin\uFFFD.png")))
                .startsWith("latin\uFFFD.png: no such file or folder, or its name is not written in ")
                .contains("rename it");
    }

    @Test
    void wrappers_are_taken_off_and_lines_are_joined() {
        IOException cause = new IOException("disk is full:\n  no space left");
        assertThat(ErrorLine.of(new ExecutionException(new UncheckedIOException(cause))))
                .isEqualTo("disk is full: no space left");
    }

    @Test
    void an_error_that_is_not_meant_for_people_says_how_to_learn_more() {
        assertThat(ErrorLine.of(new NullPointerException()))
                .isEqualTo("unexpected NullPointerException; run again with --stacktrace to see where");
        assertThat(ErrorLine.of(new OutOfMemoryError("Java heap space"))).contains("out of memory", "-Xmx");
    }

    @Command
    private static final class Empty {}
}
