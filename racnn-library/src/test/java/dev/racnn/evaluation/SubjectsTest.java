package dev.racnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.data.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubjectsTest {
    @TempDir
    Path folder;

    /** Data that only remember how they were asked for. */
    private record Asked(Preprocessing preprocessing) implements DataSource {
        @Override
        public Dataset train() {
            return TinyBundle.images(2, 1);
        }

        @Override
        public Dataset test() {
            return TinyBundle.images(2, 2);
        }

        @Override
        public DataSource preprocessed(Preprocessing other) {
            return new Asked(other);
        }
    }

    @Test
    void images_are_made_as_the_models_state() throws IOException {
        DataSource data = new Asked(Preprocessing.none(new ImageSize(9, 9)));
        Path plain = Files.writeString(folder.resolve("plain.pt"), "");
        Path sized = Files.writeString(folder.resolve("sized.pt"), "");
        Files.writeString(folder.resolve("sized.yaml"), "imageSize: [48, 64]");
        Path bundle = Path.of("../models/cifar10-baseline");

        assertThat(Subjects.images(data, List.of(plain))).isSameAs(data);
        assertThat(Subjects.images(data, List.of(plain, sized)))
                .isEqualTo(new Asked(Preprocessing.bilinear(new ImageSize(48, 64))));
        assertThat(Subjects.images(data, List.of(bundle, bundle)))
                .isEqualTo(new Asked(Preprocessing.area(new ImageSize(32, 32))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subjects.images(data, List.of(bundle, sized)))
                .withMessageContainingAll("must take images alike", "sized.pt", "48x64", "32x32");
    }

    /** Images of one size that cannot be changed. */
    private record Fixed() implements DataSource {
        @Override
        public Dataset train() {
            return TinyBundle.images(2, 1);
        }

        @Override
        public Dataset test() {
            return TinyBundle.images(2, 2);
        }

        @Override
        public DataSource preprocessed(Preprocessing other) {
            return this;
        }
    }

    @Test
    void models_that_would_cut_images_differently_agree_where_there_is_nothing_to_cut() throws IOException {
        Path sized = Files.writeString(folder.resolve("sized.pt"), "");
        Files.writeString(folder.resolve("sized.yaml"), "imageSize: [32, 32]");
        Path bundle = Path.of("../models/cifar10-baseline");

        assertThat(Subjects.images(new Fixed(), List.of(bundle, sized))).isEqualTo(new Fixed());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Subjects.images(new Asked(Preprocessing.none(new ImageSize(9, 9))), List.of(bundle, sized)))
                .withMessageContaining("must take images alike");
    }
}
