package dev.racnn.attack.paper;

import dev.racnn.Spelling;
import dev.racnn.attack.Attack;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The attacks of the paper by name, with the settings it used. */
public final class PaperProfile {
    private static final Map<String, Supplier<Attack>> ATTACKS = new TreeMap<>(Map.of(
            "boundary",
            () -> new Boundary(Boundary.Settings.PAPER),
            "lbfgs",
            () -> new Lbfgs(Lbfgs.Settings.PAPER),
            "fgsm",
            () -> new Fgsm(Fgsm.Settings.PAPER),
            "ifgsm",
            () -> new Ifgsm(Ifgsm.Settings.PAPER),
            "deepfool",
            () -> new DeepFool(DeepFool.Settings.PAPER)));

    private PaperProfile() {}

    /** The names that {@link #attack} knows, in alphabetical order. */
    public static List<String> names() {
        return List.copyOf(ATTACKS.keySet());
    }

    /**
     * An attack by its name.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Attack attack(String name) {
        Supplier<Attack> attack = ATTACKS.get(name);
        if (attack == null) {
            throw new IllegalArgumentException(
                    "attack must be one of %s in the paper profile, but is '%s'; did you mean '%s'?"
                            .formatted(names(), name, Spelling.nearest(name, names())));
        }
        return attack.get();
    }
}
