package dev.racnn.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    private Path folder;

    @Test
    void a_change_is_noted_before_and_after_it_is_made_and_a_failed_one_as_failed() throws Exception {
        try (AuditLog log = open()) {
            log.make(relabelling(), () -> List.of(7L));
            assertThatThrownBy(() -> log.make(relabelling(), () -> {
                        throw new IOException("disk");
                    }))
                    .hasMessage("disk");
        }
        try (AuditLog log = open()) {
            assertThat(log.latest(10).reversed())
                    .extracting(note -> note.sequence() + " " + note.state())
                    .containsExactly("1 BEGUN", "1 DONE", "2 BEGUN", "2 FAILED");
        }
    }

    @Test
    void a_note_that_a_crash_cut_off_is_dropped_and_a_damaged_one_is_named() throws Exception {
        try (AuditLog log = open()) {
            log.make(relabelling(), () -> List.of(7L));
        }
        append("{\"sequence\":2,\"ti");
        try (AuditLog log = open()) {
            assertThat(log.make(relabelling(), () -> List.of(7L))).containsExactly(7L);
            assertThat(log.latest(1).getFirst().sequence()).isEqualTo(2);
        }
        append("no note\n");
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is damaged at the line after number 2");
    }

    @Test
    void of_a_log_of_many_years_only_the_end_is_read() throws Exception {
        try (AuditLog log = open()) {
            log.make(relabelling(), () -> List.of(7L));
        }
        String notes = Files.readString(folder.resolve(AuditLog.FILE));
        append("what is far from the end is not read\n");
        append(notes.repeat(10 * 1024 * 1024 / notes.length()));
        try (AuditLog log = open()) {
            log.make(relabelling(), () -> List.of(7L));
            assertThat(log.latest(5000))
                    .hasSize(1000)
                    .first()
                    .extracting(AuditEntry::sequence)
                    .isEqualTo(2L);
        }
    }

    private AuditLog open() throws IOException {
        return AuditLog.open(folder, () -> Instant.EPOCH);
    }

    private void append(String text) throws IOException {
        Files.writeString(folder.resolve(AuditLog.FILE), text, StandardOpenOption.APPEND);
    }

    private static AuditEntry relabelling() {
        return AuditEntry.asked(
                "127.0.0.1", AuditEntry.Action.RELABEL, List.of(7L), "cat", "dog", List.of(), List.of());
    }
}
