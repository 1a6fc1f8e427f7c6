package dev.racnn.attack;

import dev.racnn.Spelling;
import dev.racnn.settings.SettingsBinder;
import dev.racnn.settings.Wording;
import java.util.List;
import java.util.Map;

/** Settings of attacks, changed by the names of their components. */
public final class SettingsRecord {
    private static final Wording WORDING = new Wording() {
        @Override
        public String unknown(String name, List<String> known, List<String> nested) {
            return "setting must be one of %s, but is '%s'; did you mean '%s'?"
                    .formatted(known, name, Spelling.nearest(name, known));
        }

        @Override
        public String wrong(String name, String rule, String value, String before) {
            return "setting '%s' must be %s, but is %s".formatted(name, rule, value);
        }
    };

    private SettingsRecord() {}

    /**
     * The same settings with some of them changed, see {@link SettingsBinder#change}.
     *
     * @throws IllegalArgumentException if there is no setting of a name, its value is of another type, or the settings do not
     *     allow it
     */
    public static <S extends Record> S change(S settings, Map<String, String> changes) {
        return SettingsBinder.change(settings, changes, WORDING);
    }
}
