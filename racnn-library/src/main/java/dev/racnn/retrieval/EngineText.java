package dev.racnn.retrieval;

import dev.racnn.Spelling;
import dev.racnn.settings.SettingsBinder;
import dev.racnn.settings.Wording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The texts of engines: {@code engine:setting=value,setting=value}. */
public final class EngineText {
    /** What is known, by name. */
    private static final Map<String, EngineKind> KINDS = kinds();

    private EngineText() {}

    /** An engine of this package. */
    private record Local<E extends Record & EngineFactory>(E defaults) implements EngineKind {
        @Override
        public String name() {
            return EngineText.name(defaults);
        }

        @Override
        public EngineFactory parse(String text) {
            return read(text, defaults);
        }
    }

    static EngineFactory parse(String text) {
        int colon = text.indexOf(':');
        String name = (colon < 0 ? text : text.substring(0, colon)).strip();
        EngineKind kind = KINDS.get(name);
        if (kind == null) {
            throw new IllegalArgumentException("unknown retrieval engine '%s'; known are %s%s"
                    .formatted(name, String.join(", ", KINDS.keySet()), Spelling.suggestion(name, KINDS.keySet())));
        }
        return kind.parse(text);
    }

    /**
     * Reads an engine whose settings are the components of a record.
     *
     * @param text the name of the engine, and settings that differ from the defaults
     * @throws IllegalArgumentException if a setting is unknown or a value is out of range
     */
    public static <E extends Record & EngineFactory> E read(String text, E defaults) {
        String engine = name(defaults);
        int colon = text.indexOf(':');
        String settings = colon < 0 ? "" : text.substring(colon + 1).strip();
        Map<String, String> changes = new LinkedHashMap<>();
        for (String setting : settings.isEmpty() ? new String[0] : settings.split(",", -1)) {
            int equals = setting.indexOf('=');
            String name = (equals < 0 ? setting : setting.substring(0, equals)).strip();
            String value = equals < 0 ? "" : setting.substring(equals + 1).strip();
            if (changes.put(name, value) != null) {
                throw new IllegalArgumentException(
                        "setting %s of retrieval engine %s must be given once, but '%s' gives it again; leave one of them out"
                                .formatted(name, engine, text));
            }
        }
        return SettingsBinder.change(defaults, changes, wording(engine));
    }

    /** An engine as text, without the settings that have their defaults. */
    public static <E extends Record & EngineFactory> String print(E engine, E defaults) {
        JsonNode leftOut = SettingsBinder.tree(defaults);
        List<String> settings = new ArrayList<>();
        SettingsBinder.tree(engine).properties().forEach(setting -> {
            if (!setting.getValue().equals(leftOut.get(setting.getKey()))) {
                settings.add(setting.getKey() + "=" + setting.getValue().asString());
            }
        });
        return settings.isEmpty() ? name(engine) : name(engine) + ":" + String.join(",", settings);
    }

    /** The name of an engine: that of its class, in small letters. */
    public static String name(EngineFactory engine) {
        return engine.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static Map<String, EngineKind> kinds() {
        Stream<EngineKind> local = Stream.of(
                new Local<>(new Exact()),
                new Local<>(new Lsh()),
                new Local<>(new Codes()),
                new Local<>(new Hnsw()),
                new Local<>(new Auto()));
        Stream<EngineKind> services = ServiceLoader.load(EngineKind.class, EngineKind.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(EngineKind::name));
        Map<String, EngineKind> kinds = new LinkedHashMap<>();
        Stream.concat(local, services).forEach(kind -> kinds.put(kind.name(), kind));
        return kinds;
    }

    private static Wording wording(String engine) {
        return new Wording() {
            @Override
            public String unknown(String name, List<String> known, List<String> nested) {
                if (known.isEmpty()) {
                    return "retrieval engine %s has no settings, but '%s' was given".formatted(engine, name);
                }
                return "unknown setting '%s' of retrieval engine %s; known are %s%s"
                        .formatted(name, engine, String.join(", ", known), Spelling.suggestion(name, known));
            }

            @Override
            public String wrong(String name, String rule, String value, String before) {
                return "setting %s of retrieval engine %s must be %s, such as %s=%s, but was %s"
                        .formatted(name, engine, rule, name, before, value);
            }

            @Override
            public String refused(String reason) {
                return "retrieval engine %s: %s".formatted(engine, reason);
            }
        };
    }
}
