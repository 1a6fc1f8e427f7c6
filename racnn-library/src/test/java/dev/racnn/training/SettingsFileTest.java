package dev.racnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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

    static List<Path> configurations() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../configs"))) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void every_configuration_of_the_repository_can_be_read(Path file) throws IOException {
        TrainingSettings settings = SettingsFile.read(file, List.of());
        settings.networks().requireSize(settings.preprocessing().imageSize());
        assertThat(SettingsFile.readFrozen(file, List.of()).localMixup().steps())
                .isEqualTo(5);
    }

    @Test
    void images_may_be_made_larger_before_they_are_cut() throws IOException {
        assertThat(SettingsFile.read(null, List.of("imageSize=224", "resize=256"))
                        .preprocessing())
                .hasToString("short side 256, centre 224x224, bilinear");
        assertThat(SettingsFile.read(null, List.of("imageSize=224")).preprocessing())
                .hasToString("short side 224, centre 224x224, bilinear");
        assertThatThrownBy(() -> SettingsFile.read(null, List.of("imageSize=224", "resize=200")))
                .hasMessageContaining("resize must be 0, or from imageSize (224) to 4096, but is 200");
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "training.epochs=three | training.epochs must be a whole number, but is 'three'",
                "training.batch=2.7 | training.batch must be a whole number, but is 2.7",
                "training.batch=99999999999 | training.batch must be a whole number, but is 99999999999",
                "retrieval.neighbours= | retrieval.neighbours must be a whole number, but is empty",
                "training.warmup=no | training.warmup must be a number, but is 'no'",
                "training.augment=1 | training.augment must be true or false, but is 1",
                "model=raccoon | model must be baseline or racnn, but is 'raccoon'",
                "retrieval.attention=3 | retrieval.attention must be dot or cosine or uniform, but is 3",
                "training=5 | training must be a group of settings (epochs, batch, learningRate, warmup, weightDecay,"
                        + " augment), but is 5"
            })
    void a_value_of_another_type_is_named_with_what_is_allowed(String override, String message) {
        assertThatThrownBy(() -> SettingsFile.read(null, List.of(override)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + override + "': " + message);
    }

    @Test
    void a_number_may_be_written_in_any_way_that_yaml_knows() throws IOException {
        List<String> ways = List.of("training.learningRate=1e-3", "globalMixup=1", "localMixup.weight=.5");
        TrainingSettings settings = SettingsFile.read(null, ways);
        assertThat(settings.training().learningRate()).isEqualTo(1e-3);
        assertThat(settings.globalMixup()).isEqualTo(1);
        assertThat(settings.localMixup().weight()).isEqualTo(0.5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.epochs=0 | training.epochs must be at least 1, but is 0",
                "extractor.epochs=0 | extractor.epochs must be at least 1, but is 0",
                "extractor.learningRate=1e999 | extractor.learningRate must be positive and finite, but is Infinity",
                "localMixup.steps=-1 | localMixup.steps must be at least 0 (0 switches it off), but is -1",
                "globalMixup=-1 | globalMixup must be at least 0 and finite (0 switches it off), but is -1.0",
                "retrieval.engine=exakt | retrieval.engine cannot be used: "
            })
    void a_value_out_of_range_is_named_with_its_group(String override, String message) {
        assertThatThrownBy(() -> SettingsFile.read(null, List.of(override)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the settings: " + message);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("settings.yaml"), text);
    }
}
