package dev.racnn.data;

import dev.racnn.Spelling;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kinds of data that the command line can name. */
enum DataScheme {
    CIFAR10,
    SVHN,
    FOLDER,
    BUNDLED;

    private static final long FOLDER_SEED = 0;

    static DataSource parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String place = colon < 0 ? "" : text.substring(colon + 1);
        for (DataScheme scheme : values()) {
            if (scheme.toString().equals(name) && scheme.hasPlace() == !place.isBlank()) {
                return scheme.open(Path.of(place));
            }
        }
        throw new IllegalArgumentException(
                "DATA must be " + forms() + ", but is '" + text + "'; did you mean " + suggestion(name, place) + "?");
    }

    private DataSource open(Path path) {
        return switch (this) {
            case CIFAR10 ->
                new FixedSizeSource(
                        this + ":" + path,
                        Cifar10.IMAGE_SIZE,
                        () -> Cifar10.train(path),
                        () -> Cifar10.test(path),
                        null);
            case SVHN ->
                new FixedSizeSource(
                        this + ":" + path,
                        Svhn.IMAGE_SIZE,
                        () -> Svhn.train(path),
                        () -> Svhn.test(path),
                        () -> Svhn.extra(path));
            case FOLDER -> new FolderSource(path, null, FOLDER_SEED);
            case BUNDLED -> new FixedSizeSource(toString(), Cifar10.IMAGE_SIZE, Bundled::train, Bundled::test, null);
        };
    }

    private boolean hasPlace() {
        return this != BUNDLED;
    }

    private static String forms() {
        return Arrays.stream(values()).map(scheme -> scheme.form("DIR")).collect(Collectors.joining(", "));
    }

    private static String suggestion(String name, String place) {
        List<String> known = Arrays.stream(values()).map(DataScheme::toString).toList();
        DataScheme nearest = values()[known.indexOf(Spelling.nearest(name, known))];
        return nearest.form(place.isBlank() ? "DIR" : place);
    }

    private String form(String place) {
        return hasPlace() ? this + ":" + place : toString();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
