package dev.racnn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    @ParameterizedTest
    @CsvSource({
        "kitten,sitting,3",
        "saturday,sunday,3",
        "'',abc,3",
        "abc,'',3",
        "same,SAME,0",
        "flaw,lawn,2",
        "hsnw,hnsw,1",
        "abcd,badc,2"
    })
    void the_distance_counts_edits(String a, String b, int edits) {
        assertThat(Spelling.distance(a, b)).isEqualTo(edits);
    }

    @Test
    void a_far_fetched_word_is_not_suggested() {
        List<String> known = List.of("exact", "lsh", "hnsw");
        assertThat(Spelling.suggestion("hsnw", known)).isEqualTo("; did you mean 'hnsw'?");
        assertThat(Spelling.suggestion("Exakt", known)).isEqualTo("; did you mean 'exact'?");
        assertThat(Spelling.suggestion("ivf", known)).isEmpty();
        assertThat(Spelling.suggestion("", known)).isEmpty();
    }

    @Test
    void the_nearest_word_is_suggested() {
        List<String> known = List.of("cifar10", "svhn", "folder", "bundled");
        assertThat(Spelling.nearest("cifar-10", known)).isEqualTo("cifar10");
        assertThat(Spelling.nearest("Folders", known)).isEqualTo("folder");
        assertThat(Spelling.nearest("bundle", known)).isEqualTo("bundled");
    }
}
