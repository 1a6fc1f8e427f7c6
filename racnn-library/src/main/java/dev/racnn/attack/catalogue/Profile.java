package dev.racnn.attack.catalogue;

import java.util.Locale;

/** Whose semantics and settings an attack has. */
public enum Profile {
    /** Foolbox at the revision that the paper used, 2d468cb6. */
    PAPER,
    /** Foolbox 3.3.4 and AutoAttack a392200. */
    MODERN;

    /** {@code paper} or {@code modern}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
