package dev.racnn.attack.paper;

import dev.racnn.Spelling;
import dev.racnn.attack.Attack;
import dev.racnn.attack.SettingsRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The attacks of the paper by name, with the settings it used. */
public final class PaperProfile {
    private static final Map<String, Function<Map<String, String>, Attack>> ATTACKS = new TreeMap<>(Map.of(
            "boundary",
            with(Boundary.Settings.PAPER, Boundary::new),
            "lbfgs",
            with(Lbfgs.Settings.PAPER, Lbfgs::new),
            "fgsm",
            with(Fgsm.Settings.PAPER, Fgsm::new),
            "ifgsm",
            with(Ifgsm.Settings.PAPER, Ifgsm::new),
            "deepfool",
            with(DeepFool.Settings.PAPER, DeepFool::new)));

    private PaperProfile() {}

    private static <S extends Record> Function<Map<String, String>, Attack> with(
            S defaults, Function<S, Attack> attack) {
        return changes -> attack.apply(SettingsRecord.change(defaults, changes));
    }

    /** The names that {@link #attack} knows, in alphabetical order. */
    public static List<String> names() {
        return List.copyOf(ATTACKS.keySet());
    }

    /**
     * An attack by its name, with the settings of the paper.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Attack attack(String name) {
        return attack(name, Map.of());
    }

    /**
     * An attack by its name.
     *
     * @param changes of its settings, by name, as typed
     * @throws IllegalArgumentException if there is none of this name, or it does not know a setting
     */
    public static Attack attack(String name, Map<String, String> changes) {
        Function<Map<String, String>, Attack> attack = ATTACKS.get(name);
        if (attack == null) {
            throw new IllegalArgumentException(
                    "attack must be one of %s in the paper profile, but is '%s'; did you mean '%s'?"
                            .formatted(names(), name, Spelling.nearest(name, names())));
        }
        return attack.apply(changes);
    }
}
