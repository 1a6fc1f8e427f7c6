package dev.racnn.attack;

import dev.racnn.Spelling;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Settings of attacks, changed by the names of their components. */
public final class SettingsRecord {
    private SettingsRecord() {}

    /** The names that {@link #change} knows, in the order of the components. */
    public static List<String> names(Record settings) {
        return Arrays.stream(settings.getClass().getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    /**
     * The same settings with some of them changed.
     *
     * @param settings a public record of numbers and booleans
     * @param changes new values by name, as typed
     * @throws IllegalArgumentException if there is no setting of a name, its value is of another type, or the settings do not
     *     allow it
     */
    public static <S extends Record> S change(S settings, Map<String, String> changes) {
        List<String> names = names(settings);
        for (String name : changes.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("setting must be one of %s, but is '%s'; did you mean '%s'?"
                        .formatted(names, name, Spelling.nearest(name, names)));
            }
        }
        RecordComponent[] components = settings.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                String name = components[i].getName();
                types[i] = components[i].getType();
                values[i] = changes.containsKey(name)
                        ? value(name, types[i], changes.get(name))
                        : components[i].getAccessor().invoke(settings);
            }
            @SuppressWarnings("unchecked")
            Constructor<S> constructor = (Constructor<S>) settings.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(settings.getClass() + " cannot be made anew", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(settings.getClass() + " must be a public record", e);
        }
    }

    private static Object value(String name, Class<?> type, String text) {
        if (type == boolean.class) {
            if (text.equals("true") || text.equals("false")) {
                return Boolean.valueOf(text);
            }
            throw wrong(name, "true or false", text);
        }
        String kind = type == int.class ? "a whole number" : "a finite number";
        try {
            if (type == int.class) {
                return Integer.valueOf(text);
            }
            double number = Double.parseDouble(text);
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(name, kind, text);
        }
        throw wrong(name, kind, text);
    }

    private static IllegalArgumentException wrong(String name, String kind, String text) {
        return new IllegalArgumentException("setting '%s' must be %s, but is '%s'".formatted(name, kind, text));
    }
}
