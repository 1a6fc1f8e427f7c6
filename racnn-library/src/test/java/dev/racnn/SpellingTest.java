package dev.racnn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    @ParameterizedTest
    @CsvSource({"kitten,sitting,3", "saturday,sunday,3", "'',abc,3", "abc,'',3", "same,SAME,0", "flaw,lawn,2"})
    void the_distance_counts_edits(String a, String b, int edits) {
        assertThat(Spelling.distance(a, b)).isEqualTo(edits);
    }

    @Test
    void the_nearest_word_is_suggested() {
        List<String> known = List.of("cifar10", "svhn", "folder", "bundled");
        assertThat(Spelling.nearest("cifar-10", known)).isEqualTo("cifar10");
        assertThat(Spelling.nearest("Folders", known)).isEqualTo("folder");
        assertThat(Spelling.nearest("bundle", known)).isEqualTo("bundled");
    }
}
