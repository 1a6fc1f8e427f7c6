package dev.racnn.bench;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class GeneratedKeysTest {
    @Test
    void more_numbers_than_an_array_holds_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GeneratedKeys(99_999_999, 300, 12, 1))
                .withMessageContaining("at most 2,147,483,639 numbers, but are 3,600 of dimension 99,999,999");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GeneratedKeys(512, 2, 2, 1).draw(5_000_000, 1))
                .withMessageContaining("but are 5,000,000 of dimension 512; take fewer or smaller keys");
    }
}
