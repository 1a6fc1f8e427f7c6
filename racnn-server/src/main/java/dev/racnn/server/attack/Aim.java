package dev.racnn.server.attack;

import dev.racnn.Spelling;
import java.util.Arrays;
import java.util.List;

/** Whom an attack is aimed at; what it finds is then shown to the RaCNN and to the baseline. */
public enum Aim {
    /** Scenario 1: gradients and decisions of the RaCNN. */
    RACNN("1"),
    /** Scenario 2 (a): the surrogate g'(phi'(x)) alone. */
    SURROGATE("2a"),
    /** Scenario 2 (b): gradients of the surrogate, decisions of the RaCNN. */
    COMPOSITE("2b"),
    /** The baseline, without retrieval. */
    BASELINE("baseline");

    private final String text;

    Aim(String text) {
        this.text = text;
    }

    /**
     * The aim that clients call so.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Aim named(String text) {
        return Arrays.stream(values())
                .filter(aim -> aim.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "scenario must be one of %s%s".formatted(names(), Spelling.suggestion(text, names()))));
    }

    private static List<String> names() {
        return Arrays.stream(values()).map(Aim::toString).toList();
    }

    /** As clients call it. */
    @Override
    public String toString() {
        return text;
    }
}
