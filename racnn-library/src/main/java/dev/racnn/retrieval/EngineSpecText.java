package dev.racnn.retrieval;

import dev.racnn.Spelling;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The short strings of engine settings: {@code engine:setting=value,setting=value}. */
public final class EngineSpecText {
    /** Each engine with its defaults. */
    private static final Map<String, EngineSpec> ENGINES = engines();

    private EngineSpecText() {}

    /** The names of the engines. */
    public static Set<String> names() {
        return Collections.unmodifiableSet(ENGINES.keySet());
    }

    static EngineSpec parse(String text) {
        int colon = text.indexOf(':');
        String engine = (colon < 0 ? text : text.substring(0, colon)).strip();
        EngineSpec defaults = ENGINES.get(engine);
        if (defaults == null) {
            throw new IllegalArgumentException("unknown retrieval engine '%s'; known are %s%s"
                    .formatted(
                            engine,
                            String.join(", ", ENGINES.keySet()),
                            Spelling.suggestion(engine, ENGINES.keySet())));
        }
        Map<String, Object> values = values(defaults);
        String settings = colon < 0 ? "" : text.substring(colon + 1).strip();
        Set<String> given = new HashSet<>();
        for (String setting : settings.isEmpty() ? new String[0] : settings.split(",", -1)) {
            int equals = setting.indexOf('=');
            String name = (equals < 0 ? setting : setting.substring(0, equals)).strip();
            Object old = values.get(name);
            if (old == null) {
                throw new IllegalArgumentException("unknown setting '%s' of retrieval engine %s; known are %s%s"
                        .formatted(
                                name,
                                engine,
                                String.join(", ", values.keySet()),
                                Spelling.suggestion(name, values.keySet())));
            }
            if (!given.add(name)) {
                throw new IllegalArgumentException(
                        "setting %s of retrieval engine %s must be given once, but '%s' gives it again; leave one of them out"
                                .formatted(name, engine, text));
            }
            values.put(
                    name,
                    number(
                            engine,
                            name,
                            old,
                            equals < 0 ? "" : setting.substring(equals + 1).strip()));
        }
        try {
            return create(defaults.getClass(), values);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("retrieval engine %s: %s".formatted(engine, e.getMessage()), e);
        }
    }

    static String print(EngineSpec spec) {
        String engine = name(spec);
        Map<String, Object> defaults = values(ENGINES.getOrDefault(engine, spec));
        List<String> settings = new ArrayList<>();
        values(spec).forEach((name, value) -> {
            if (!value.equals(defaults.get(name))) {
                settings.add(name + "=" + value);
            }
        });
        return settings.isEmpty() ? engine : engine + ":" + String.join(",", settings);
    }

    private static Map<String, EngineSpec> engines() {
        Map<String, EngineSpec> engines = new LinkedHashMap<>();
        for (EngineSpec defaults :
                List.of(new EngineSpec.Exact(), new EngineSpec.Lsh(), new EngineSpec.Codes(), new EngineSpec.Hnsw())) {
            engines.put(name(defaults), defaults);
        }
        return engines;
    }

    private static String name(EngineSpec spec) {
        return spec.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static Object number(String engine, String name, Object old, String value) {
        try {
            return switch (old) {
                case Integer _ -> Integer.valueOf(value);
                case Long _ -> Long.valueOf(value);
                default -> Double.valueOf(value);
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "setting %s of retrieval engine %s must be a number such as %s=%s, but was '%s'"
                            .formatted(name, engine, name, old, value),
                    e);
        }
    }

    private static Map<String, Object> values(EngineSpec spec) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : spec.getClass().getRecordComponents()) {
            try {
                values.put(component.getName(), component.getAccessor().invoke(spec));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("setting " + component.getName() + " cannot be read", e);
            }
        }
        return values;
    }

    private static EngineSpec create(Class<? extends EngineSpec> type, Map<String, Object> values) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types)
                    .newInstance(values.values().toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException cause) {
                throw cause;
            }
            throw new IllegalStateException("settings of " + type.getSimpleName() + " cannot be made", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("settings of " + type.getSimpleName() + " cannot be made", e);
        }
    }
}
