package dev.racnn.training;

import dev.racnn.Spelling;
import dev.racnn.settings.SettingsBinder;
import dev.racnn.settings.Wording;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes {@link TrainingSettings} as YAML: a file names what differs from {@code defaults.yaml}. */
public final class SettingsFile {
    private static final String DEFAULTS = "defaults.yaml";
    private static final String FROZEN = "defaults-frozen.yaml";

    private SettingsFile() {}

    /**
     * Settings of a file, changed by {@code key=value} pairs such as {@code retrieval.neighbours=5}.
     *
     * @param file what differs from the defaults; null for the defaults themselves
     * @throws IllegalArgumentException if a key is unknown (the nearest known one is named) or a value does not fit
     */
    public static TrainingSettings read(@Nullable Path file, List<String> overrides) throws IOException {
        return read(resource(DEFAULTS), file, overrides);
    }

    /** The same for a phi that stays as it is: {@code defaults-frozen.yaml} comes between the defaults and the file. */
    public static TrainingSettings readFrozen(@Nullable Path file, List<String> overrides) throws IOException {
        ObjectNode settings = resource(DEFAULTS);
        overlay(settings, resource(FROZEN), FROZEN);
        return read(settings, file, overrides);
    }

    private static TrainingSettings read(ObjectNode settings, @Nullable Path file, List<String> overrides)
            throws IOException {
        if (file != null) {
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString(), null, "there is no such configuration file");
            }
            overlay(settings, SettingsBinder.parse(Files.readString(file), file.toString()), file.toString());
        }
        for (String override : overrides) {
            overlay(settings, change(override), "'" + override + "'");
        }
        // Whether the file or what was laid over it is wrong, cannot be told any more.
        String source = file == null || !overrides.isEmpty() ? "the settings" : file.toString();
        return SettingsBinder.bind(settings, TrainingSettings.class, new Described(source));
    }

    /** All settings as YAML that {@link #read} accepts. */
    public static String print(TrainingSettings settings) {
        return SettingsBinder.print(settings);
    }

    private static ObjectNode resource(String name) throws IOException {
        try (InputStream in = SettingsFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the library");
            }
            return SettingsBinder.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), name);
        }
    }

    /** What {@code group.key=value} changes. */
    private static ObjectNode change(String override) {
        int equals = override.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("a setting must be given as key=value, but is '" + override + "'");
        }
        ObjectNode change = SettingsBinder.parse("", override);
        ObjectNode place = change;
        String[] path = override.substring(0, equals).split("\\.", -1);
        for (int i = 0; i < path.length - 1; i++) {
            place = place.putObject(path[i]);
        }
        place.set(path[path.length - 1], SettingsBinder.value(override.substring(equals + 1)));
        return change;
    }

    private static void overlay(ObjectNode settings, ObjectNode changes, String source) {
        SettingsBinder.overlay(settings, changes, TrainingSettings.class, new Described(source));
    }

    /**
     * Begins errors with where the settings stand.
     *
     * @param source a file, or what was typed
     */
    private record Described(String source) implements Wording {
        @Override
        public String unknown(String name, List<String> known, List<String> nested) {
            return "%s: there is no setting '%s'; did you mean '%s'?"
                    .formatted(source, name, nearest(name, known, nested));
        }

        @Override
        public String wrong(String name, String rule, String value, String before) {
            return "%s: %s must be %s, but is %s".formatted(source, name, rule, value);
        }

        @Override
        public String refused(String reason) {
            return source + ": " + reason;
        }

        /** The settings that were probably meant; the group of settings that they are in may have been left out. */
        private static String nearest(String name, List<String> known, List<String> nested) {
            Map<String, String> paths = new LinkedHashMap<>();
            known.forEach(path -> paths.put(last(path), path));
            nested.forEach(path -> paths.merge(last(path), path, (first, next) -> first + "' or '" + next));
            return Objects.requireNonNull(paths.get(Spelling.nearest(last(name), paths.keySet())));
        }

        private static String last(String path) {
            return path.substring(path.lastIndexOf('.') + 1);
        }
    }
}
