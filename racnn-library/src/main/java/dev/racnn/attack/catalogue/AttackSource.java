package dev.racnn.attack.catalogue;

import java.util.List;

/**
 * Brings attacks into the catalogue, and so to the command line and the reports: list an implementation with a public constructor
 * without arguments in {@code META-INF/services/dev.racnn.attack.catalogue.AttackSource}, in any module.
 */
public interface AttackSource {
    /** Its attacks; no other attack of their profile has their names. */
    List<AttackKind> kinds();
}
