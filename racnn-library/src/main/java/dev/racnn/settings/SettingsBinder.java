package dev.racnn.settings;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Changes settings by the names of their components. Settings are records, whose constructors check values; a component
 * that is a record itself is a group of settings, unless it is unwrapped: then its components are settings like the others.
 */
public final class SettingsBinder {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private SettingsBinder() {}

    /** The names of settings, in the order of the components. */
    public static List<String> names(Class<? extends Record> settings) {
        return components(settings).map(RecordComponent::getName).toList();
    }

    /** The components of settings, with those of an unwrapped record in its place. */
    static Stream<RecordComponent> components(Class<?> settings) {
        return Arrays.stream(settings.getRecordComponents())
                .flatMap(component -> component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                        ? components(component.getType())
                        : Stream.of(component));
    }

    /**
     * The same settings with some of them changed.
     *
     * @param changes new values by name, as typed
     * @throws IllegalArgumentException if there is no setting of a name, its value is of another type, or the settings do not
     *     allow it
     */
    @SuppressWarnings("unchecked")
    public static <S extends Record> S change(S settings, Map<String, String> changes, Wording wording) {
        ObjectNode typed = YAML.createObjectNode();
        ObjectNode tree = tree(settings);
        changes.forEach((name, text) -> {
            JsonNode value = value(text);
            if (value.isFloatingPointNumber() && !Double.isFinite(value.doubleValue())) {
                throw new IllegalArgumentException(wording.wrong(
                        name,
                        "a finite number",
                        "'" + text + "'",
                        tree.path(name).asString("")));
            }
            typed.set(name, value);
        });
        overlay(tree, typed, settings.getClass(), wording);
        return (S) bind(tree, settings.getClass(), wording);
    }

    /** Settings as a tree, groups within. */
    public static ObjectNode tree(Record settings) {
        return YAML.valueToTree(settings);
    }

    /** Settings as YAML. */
    public static String print(Record settings) {
        return YAML.writeValueAsString(settings);
    }

    /**
     * Reads YAML that names settings.
     *
     * @param source where it stands, for errors
     * @throws IllegalArgumentException if it is not YAML, or something else than settings
     */
    public static ObjectNode parse(String text, String source) {
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

    /** A value as typed: a number, true or false, or else a text. */
    public static JsonNode value(String text) {
        try {
            return YAML.readTree(text);
        } catch (JacksonException e) {
            return YAML.getNodeFactory().stringNode(text);
        }
    }

    /**
     * Puts changes over settings.
     *
     * @param base all settings; changed
     * @param type of the settings
     * @throws IllegalArgumentException if there is no setting of a name, or its value is of another type
     */
    public static void overlay(ObjectNode base, ObjectNode changes, Class<?> type, Wording wording) {
        overlay(base, changes, type, "", wording);
    }

    private static void overlay(ObjectNode base, ObjectNode changes, Class<?> group, String prefix, Wording wording) {
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            String key = change.getKey();
            JsonNode known = base.get(key);
            if (known == null) {
                throw new IllegalArgumentException(
                        wording.unknown(prefix + key, prefixed(prefix, base), nested(prefix, base)));
            }
            SettingType type = SettingType.of(group, key);
            if (!type.accepts(change.getValue())) {
                throw new IllegalArgumentException(wording.wrong(
                        prefix + key, type.rule(), SettingType.shown(change.getValue()), known.asString("")));
            }
            if (known instanceof ObjectNode inner) {
                overlay(inner, (ObjectNode) change.getValue(), type.type(), prefix + key + ".", wording);
            } else {
                base.set(key, change.getValue());
            }
        }
    }

    private static List<String> prefixed(String prefix, ObjectNode group) {
        return group.propertyNames().stream().map(name -> prefix + name).toList();
    }

    private static List<String> nested(String prefix, ObjectNode group) {
        List<String> names = new ArrayList<>();
        group.properties().forEach(inner -> {
            if (inner.getValue() instanceof ObjectNode settings) {
                names.addAll(prefixed(prefix + inner.getKey() + ".", settings));
            }
        });
        return names;
    }

    /**
     * Makes settings of a tree that names all of them.
     *
     * @throws IllegalArgumentException if the settings do not allow a value
     */
    public static <S> S bind(ObjectNode tree, Class<S> type, Wording wording) {
        try {
            return YAML.treeToValue(tree, type);
        } catch (JacksonException e) {
            String group = e.getPath().stream()
                    .map(place -> place.getPropertyName() + ".")
                    .collect(Collectors.joining());
            String reason = e.getCause() instanceof IllegalArgumentException refused
                    ? group + refused.getMessage()
                    : firstLine(e);
            throw new IllegalArgumentException(wording.refused(reason), e);
        }
    }

    private static String firstLine(JacksonException e) {
        String message = e.getOriginalMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
