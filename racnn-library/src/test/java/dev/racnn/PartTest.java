package dev.racnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void each_piece_is_of_one_part_in_a_row_and_in_turn(int of) {
        int[] inARow = new int[20];
        int[] inTurn = new int[20];
        for (int number = 1; number <= of; number++) {
            Part part = new Part(number, of);
            IntStream.range(part.begin(20), part.end(20)).forEach(piece -> inARow[piece]++);
            LongStream.range(0, 20).filter(part::inTurn).forEach(piece -> inTurn[(int) piece]++);
        }

        assertThat(inARow).containsOnly(1);
        assertThat(inTurn).containsOnly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/2", "3/2", "1", "a/b", "1/2/3", "-1/2", ""})
    void what_is_no_part_is_refused_with_the_rule(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Part.parse(text))
                .withMessageContaining("a part must be I/N")
                .withMessageContaining(text);
    }
}
