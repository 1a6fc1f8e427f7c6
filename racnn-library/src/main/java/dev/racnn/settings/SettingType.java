package dev.racnn.settings;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What values a setting may have, as its Java type says.
 *
 * @param type int, long, double, boolean, String, an enum, or a record for a group of settings
 */
record SettingType(Class<?> type) {
    /** A number to YAML, but a text to the parser. */
    private static final Pattern WITHOUT_ZERO = Pattern.compile("[-+]?\\.\\d+([eE][-+]?\\d+)?");

    /** The type of a known setting of a group. */
    static SettingType of(Class<?> group, String name) {
        return SettingsBinder.components(group)
                .filter(component -> component.getName().equals(name))
                .map(component -> new SettingType(component.getType()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(group + " has no setting " + name));
    }

    boolean accepts(JsonNode value) {
        if (type == int.class) {
            return value.isIntegralNumber() && value.canConvertToInt();
        } else if (type == long.class) {
            return value.isIntegralNumber() && value.canConvertToLong();
        } else if (type == double.class) {
            return value.isNumber() || WITHOUT_ZERO.matcher(value.asString("")).matches();
        } else if (type == boolean.class) {
            return value.isBoolean();
        } else if (type.isEnum()) {
            return value.isString()
                    && Arrays.stream(type.getEnumConstants())
                            .anyMatch(constant -> constant.toString().equalsIgnoreCase(value.asString()));
        }
        return type.isRecord() ? value.isObject() : value.isString();
    }

    /** What a value must be, for people. */
    String rule() {
        if (type == int.class || type == long.class) {
            return "a whole number";
        } else if (type == double.class) {
            return "a number";
        } else if (type == boolean.class) {
            return "true or false";
        } else if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "));
        }
        return type.isRecord()
                ? "a group of settings ("
                        + Arrays.stream(type.getRecordComponents())
                                .map(RecordComponent::getName)
                                .collect(Collectors.joining(", "))
                        + ")"
                : "a text";
    }

    /** A value that was given, for people. */
    static String shown(JsonNode value) {
        return value.isNull() || value.isMissingNode()
                ? "empty"
                : value.isString() ? "'" + value.asString() + "'" : value.toString();
    }
}
