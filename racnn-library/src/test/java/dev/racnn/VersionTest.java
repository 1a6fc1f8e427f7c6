package dev.racnn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {
    @Test
    void the_version_comes_from_the_build() {
        assertThat(Version.current()).matches("\\d+\\.\\d+\\.\\d+(-[A-Z0-9.]+)?");
    }
}
