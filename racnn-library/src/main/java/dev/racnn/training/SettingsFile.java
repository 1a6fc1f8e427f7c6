package dev.racnn.training;

import dev.racnn.Spelling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads and writes {@link TrainingSettings} as YAML: a file names what differs from {@code defaults.yaml}. */
public final class SettingsFile {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private SettingsFile() {}

    /**
     * Settings of a file, changed by {@code key=value} pairs such as {@code retrieval.neighbours=5}.
     *
     * @param file what differs from the defaults; null for the defaults themselves
     * @throws IllegalArgumentException if a key is unknown (the nearest known one is named) or a value does not fit
     */
    public static TrainingSettings read(@Nullable Path file, List<String> overrides) throws IOException {
        ObjectNode settings = defaults();
        if (file != null) {
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString(), null, "there is no such configuration file");
            }
            overlay(
                    settings,
                    parse(Files.readString(file), file.toString()),
                    TrainingSettings.class,
                    "",
                    file.toString());
        }
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("a setting must be given as key=value, but is '" + override + "'");
            }
            ObjectNode change = YAML.createObjectNode();
            ObjectNode place = change;
            String[] path = override.substring(0, equals).split("\\.", -1);
            for (int i = 0; i < path.length - 1; i++) {
                place = place.putObject(path[i]);
            }
            place.set(path[path.length - 1], value(override.substring(equals + 1), override));
            overlay(settings, change, TrainingSettings.class, "", "'" + override + "'");
        }
        return bind(settings, file == null ? "the settings" : file.toString());
    }

    /** All settings as YAML that {@link #read} accepts. */
    public static String print(TrainingSettings settings) {
        return YAML.writeValueAsString(settings);
    }

    private static ObjectNode defaults() throws IOException {
        try (InputStream in = SettingsFile.class.getResourceAsStream("defaults.yaml")) {
            if (in == null) {
                throw new IllegalStateException("defaults.yaml is missing from the library");
            }
            return (ObjectNode) YAML.readTree(in);
        }
    }

    private static ObjectNode parse(String text, String source) {
        try {
            JsonNode tree = YAML.readTree(text);
            if (tree.isObject()) {
                return (ObjectNode) tree;
            }
            if (tree.isMissingNode() || tree.isNull()) {
                return YAML.createObjectNode();
            }
            throw new IllegalArgumentException(source + " must hold settings as `key: value`, but holds " + tree);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(source + " is not YAML: " + firstLine(e), e);
        }
    }

    private static TrainingSettings bind(ObjectNode settings, String source) {
        try {
            return YAML.treeToValue(settings, TrainingSettings.class);
        } catch (JacksonException e) {
            Throwable cause = e.getCause() instanceof IllegalArgumentException ? e.getCause() : null;
            String what = cause != null ? group(e) + cause.getMessage() : firstLine(e);
            throw new IllegalArgumentException(source + ": " + what, e);
        }
    }

    private static JsonNode value(String text, String override) {
        try {
            return YAML.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "'%s': the value is not YAML; put a text into quotes".formatted(override), e);
        }
    }

    /** The group of settings that an error arose in, with a dot; nothing outside groups. */
    private static String group(JacksonException e) {
        return e.getPath().stream().map(place -> place.getPropertyName() + ".").collect(Collectors.joining());
    }

    private static void overlay(ObjectNode base, ObjectNode changes, Class<?> group, String prefix, String source) {
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            String key = change.getKey();
            JsonNode known = base.get(key);
            if (known == null) {
                throw new IllegalArgumentException("%s: there is no setting '%s'; did you mean '%s'?"
                        .formatted(source, prefix + key, nearest(key, prefix, base)));
            }
            SettingType type = SettingType.of(group, key);
            if (!type.accepts(change.getValue())) {
                throw new IllegalArgumentException("%s: %s must be %s, but is %s"
                        .formatted(source, prefix + key, type.rule(), SettingType.shown(change.getValue())));
            }
            if (known instanceof ObjectNode inner) {
                overlay(inner, (ObjectNode) change.getValue(), type.type(), prefix + key + ".", source);
            } else {
                base.set(key, change.getValue());
            }
        }
    }

    /** The settings that were probably meant; the group of settings that they are in may have been left out. */
    private static String nearest(String key, String prefix, ObjectNode group) {
        Map<String, String> paths = new LinkedHashMap<>();
        group.propertyNames().forEach(name -> paths.put(name, prefix + name));
        for (Map.Entry<String, JsonNode> inner : group.properties()) {
            inner.getValue()
                    .propertyNames()
                    .forEach(name -> paths.merge(
                            name, prefix + inner.getKey() + "." + name, (first, next) -> first + "' or '" + next));
        }
        return Objects.requireNonNull(paths.get(Spelling.nearest(key, paths.keySet())));
    }

    private static String firstLine(JacksonException e) {
        String message = e.getOriginalMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
