package dev.racnn.settings;

import java.util.List;

/** How an error names the settings of something: of a training, an attack, an engine. */
public interface Wording {
    /**
     * There is no such setting.
     *
     * @param known the settings beside which it was looked for
     * @param nested those with a group of settings before them, such as {@code training.epochs}
     */
    String unknown(String name, List<String> known, List<String> nested);

    /**
     * A value is of another type.
     *
     * @param rule what it must be
     * @param value what was given, for people
     * @param before the value that it was to replace
     */
    String wrong(String name, String rule, String value, String before);

    /** The settings do not allow a value, for a reason that names it. */
    default String refused(String reason) {
        return reason;
    }
}
