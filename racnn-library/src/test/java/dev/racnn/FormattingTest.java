package dev.racnn;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds every Java file of every module to palantir-java-format.
 *
 * <p>A formatting plugin would run in Maven's own JVM, which may be a Java 17 that cannot parse the language level used
 * here; a test runs on the JDK that the build found. {@code mvn test -pl racnn-library -Dtest=FormattingTest
 * -Dracnn.format=apply} rewrites the files instead of failing.
 */
class FormattingTest {
    @Test
    void every_source_file_is_formatted() throws IOException, FormatterException {
        boolean apply = "apply".equals(System.getProperty("racnn.format"));
        Formatter formatter = Formatter.createFormatter(
                JavaFormatterOptions.builder().style(Style.PALANTIR).build());
        List<Path> unformatted = new ArrayList<>();
        for (Path file : sources()) {
            String source = Files.readString(file);
            String formatted = formatter.formatSourceAndFixImports(source);
            if (formatted.equals(source)) {
                continue;
            }
            if (apply) {
                Files.writeString(file, formatted);
            } else {
                unformatted.add(file);
            }
        }
        assertThat(unformatted)
                .as("unformatted files; `mvn test -pl racnn-library -Dtest=FormattingTest -Dracnn.format=apply`"
                        + " formats them")
                .isEmpty();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }
}
