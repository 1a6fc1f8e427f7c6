package dev.racnn.data;

import dev.racnn.Spelling;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kinds of data that the command line can name. */
enum DataScheme {
    CIFAR10;

    private DataSource open(Path path) {
        return switch (this) {
            case CIFAR10 ->
                new FixedSizeSource(
                        "cifar10:" + path, Cifar10.IMAGE_SIZE, () -> Cifar10.train(path), () -> Cifar10.test(path));
        };
    }

    static DataSource parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String place = text.substring(colon + 1);
        for (DataScheme scheme : values()) {
            if (scheme.toString().equals(name) && colon >= 0 && !place.isBlank()) {
                return scheme.open(Path.of(place));
            }
        }
        throw new IllegalArgumentException("DATA must be " + forms() + ", but is '" + text + "'; did you mean "
                + suggestion(name, colon < 0 ? "DIR" : place) + "?");
    }

    private static String forms() {
        return Arrays.stream(values()).map(scheme -> scheme + ":DIR").collect(Collectors.joining(", "));
    }

    private static String suggestion(String name, String place) {
        List<String> known = Arrays.stream(values()).map(DataScheme::toString).toList();
        return Spelling.nearest(name, known) + ":" + place;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
