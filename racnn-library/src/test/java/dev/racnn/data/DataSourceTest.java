package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSourceTest {
    @Test
    void the_bundled_sample_needs_no_place() throws IOException {
        DataSource bundled = DataSource.parse("bundled");

        assertThat(bundled.train().size()).isEqualTo(5_000);
        assertThat(bundled.test().size()).isEqualTo(1_000);
        assertThat(bundled.candidates().size()).isEqualTo(5_000);
        assertThat(bundled.candidatesAreTraining()).isTrue();
        assertThat(bundled).hasToString("bundled");
    }

    @ParameterizedTest
    @CsvSource({
        "cifar-10:/data, cifar10:/data",
        "CIFAR10:x, cifar10:x",
        "cifar10:, cifar10:DIR",
        "cifar10, cifar10:DIR",
        "bundle, bundled",
        "bundled:x, bundled"
    })
    void another_form_is_refused_and_the_nearest_one_suggested(String text, String suggestion) {
        assertThatThrownBy(() -> DataSource.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cifar10:DIR, ")
                .hasMessageContaining("is '" + text + "'")
                .hasMessageEndingWith("did you mean " + suggestion + "?");
    }

    @Test
    void images_of_a_fixed_size_are_not_resized() {
        DataSource bundled = DataSource.parse("bundled");
        assertThat(bundled.preprocessed(Preprocessing.area(new ImageSize(32, 32))))
                .isSameAs(bundled);
        assertThatThrownBy(() -> bundled.preprocessed(Preprocessing.area(new ImageSize(64, 64))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32x32")
                .hasMessageContaining("64x64")
                .hasMessageContaining("folder:DIR");
    }
}
