package dev.racnn.retrieval;

import dev.racnn.Spelling;
import dev.racnn.settings.SettingsBinder;
import dev.racnn.settings.Wording;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

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
        return (EngineSpec) SettingsBinder.change((Record) defaults, changes, wording(engine));
    }

    static String print(EngineSpec spec) {
        String engine = name(spec);
        JsonNode defaults = SettingsBinder.tree((Record) ENGINES.getOrDefault(engine, spec));
        List<String> settings = new ArrayList<>();
        SettingsBinder.tree((Record) spec).properties().forEach(setting -> {
            if (!setting.getValue().equals(defaults.get(setting.getKey()))) {
                settings.add(setting.getKey() + "=" + setting.getValue().asString());
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

    private static Wording wording(String engine) {
        return new Wording() {
            @Override
            public String unknown(String name, List<String> known, List<String> nested) {
                return "unknown setting '%s' of retrieval engine %s; known are %s%s"
                        .formatted(name, engine, String.join(", ", known), Spelling.suggestion(name, known));
            }

            @Override
            public String wrong(String name, String rule, String value, String before) {
                return "setting %s of retrieval engine %s must be a number such as %s=%s, but was %s"
                        .formatted(name, engine, name, before, value);
            }

            @Override
            public String refused(String reason) {
                return "retrieval engine %s: %s".formatted(engine, reason);
            }
        };
    }
}
