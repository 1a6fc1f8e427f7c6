package dev.racnn.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.Progress;
import dev.racnn.training.EpochRecord;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {
    private final StringWriter written = new StringWriter();
    private final AtomicLong seconds = new AtomicLong();

    @AfterEach
    void forget() {
        Interruption.keeps("");
    }

    @Test
    void a_log_gets_a_line_every_half_minute_with_the_time_left() {
        TrainingProgress progress = progress(false);
        for (int i = 0; i < 35; i++) {
            seconds.addAndGet(2);
            report(progress);
        }
        assertThat(written.toString()).hasLineCount(2).contains("racnn epoch 2/8", "5 min 00 s left");
    }

    @Test
    void a_terminal_gets_a_line_that_is_overwritten() {
        report(progress(true));
        assertThat(written.toString())
                .startsWith(Terminal.CLEAR_LINE + "racnn epoch 2/8")
                .doesNotContain("\n");
    }

    @Test
    void an_interruption_says_which_epoch_is_saved_and_how_to_go_on() {
        assertThat(Interruption.line()).isEqualTo("racnn: interrupted");
        progress(false).epoch(new EpochRecord("racnn", 3, 30, 1, 0.5, 0.5, 0.1, 100, 10, Map.of()));
        assertThat(Interruption.line())
                .isEqualTo("racnn: interrupted; epoch 3 of racnn is saved, continue with --resume");
    }

    private TrainingProgress progress(boolean terminal) {
        return new TrainingProgress(
                new PrintWriter(written, true),
                "continue with --resume",
                terminal,
                () -> seconds.get() * 1_000_000_000L);
    }

    private static void report(TrainingProgress progress) {
        progress.progress(new Progress("racnn epoch 2/8", 1000, 50_000, "images", "loss 1.500"), 300);
    }
}
