package dev.racnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
    @TempDir
    private Path folder;

    @Test
    void a_file_changes_what_it_names_and_an_override_wins() throws IOException {
        Path file = write("precision: fp32\nretrieval:\n  neighbours: 5\n");
        TrainingSettings settings = SettingsFile.read(file, List.of("retrieval.neighbours=7", "seed=3"));
        assertThat(settings.precision()).isEqualTo(Precision.FP32);
        assertThat(settings.retrieval().neighbours()).isEqualTo(7);
        assertThat(settings.seed()).isEqualTo(3);
        assertThat(settings.localMixup().steps()).isEqualTo(5);
    }

    @Test
    void what_is_printed_is_read_again() throws IOException {
        TrainingSettings settings = SettingsFile.read(null, List.of("training.epochs=3", "model=baseline"));
        assertThat(SettingsFile.read(write(SettingsFile.print(settings)), List.of()))
                .isEqualTo(settings);
    }

    @Test
    void an_unknown_key_is_named_with_the_nearest_known_one() throws IOException {
        Path file = write("retrieval:\n  neighbors: 5\n");
        assertThatThrownBy(() -> SettingsFile.read(file, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retrieval.neighbors")
                .hasMessageContaining("retrieval.neighbours")
                .hasMessageContaining(file.toString());
    }

    @Test
    void a_value_that_does_not_fit_is_named_with_its_rule() throws IOException {
        assertThatThrownBy(() -> SettingsFile.read(write("retrieval:\n  neighbours: 0\n"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retrieval.neighbours must be from 1 to 100, but is 0");
        assertThatThrownBy(() -> SettingsFile.read(write("precision: fp16\n"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fp16");
        assertThatThrownBy(() -> SettingsFile.read(write("a: [b\n"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not YAML");
        assertThatThrownBy(() -> SettingsFile.read(null, List.of("seed"))).hasMessageContaining("key=value");
        assertThatThrownBy(() -> SettingsFile.read(null, List.of("epochs=1")))
                .hasMessage("'epochs=1': there is no setting 'epochs'; did you mean 'extractor.epochs' or"
                        + " 'training.epochs'?");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("settings.yaml"), text);
    }
}
