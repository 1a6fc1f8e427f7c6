package dev.racnn.evaluation;

import java.util.Arrays;

/** What an attacker attacks, and what they score their points on (sections 3.1 and 5 of the paper). */
public enum Scenario {
    /**
     * Scenario 1: gradients and decisions are those of the attacked classifier. For a RaCNN the attacker knows phi, U, g and
     * the neighbours of every point tried; retrieval itself passes no gradient.
     */
    DIRECT(1, "Scenario 1", "gradients and decisions of the model itself"),
    /**
     * Scenario 2 (a): the attack sees the surrogate g'(phi'(x)) alone; what fools the surrogate is then shown to the RaCNN.
     */
    TRANSFER(2, "Scenario 2 (a)", "the surrogate g'(phi'(x)) is attacked, and the result shown to the RaCNN"),
    /** Scenario 2 (b): gradients of the surrogate g'(phi'(x)), decisions of the RaCNN. */
    COMPOSITE(2, "Scenario 2 (b)", "gradients of the surrogate g'(phi'(x)), decisions of the RaCNN"),
    /** The attacker knows everything, the candidates included, and attacks the retrieval itself; the paper has no such one. */
    WHITE_BOX(
            0,
            "white box",
            "everything is known, phi, phi', U, g, g' and all candidates; gradients go through a softened retrieval,"
                    + " decisions are those of the model itself");

    private final int number;
    private final String title;
    private final String explanation;

    Scenario(int number, String title, String explanation) {
        this.number = number;
        this.title = title;
        this.explanation = explanation;
    }

    /** 1 or 2, as the paper counts; 0 for an attacker that it does not have. */
    public int number() {
        return number;
    }

    /** In files: {@code 1}, {@code 2a}, {@code 2b} or {@code white-box}. */
    public String code() {
        return switch (this) {
            case DIRECT -> "1";
            case TRANSFER -> "2a";
            case COMPOSITE -> "2b";
            case WHITE_BOX -> "white-box";
        };
    }

    /**
     * The scenario of a code.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Scenario coded(String code) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "a scenario must be 1, 2a, 2b or white-box, but is '" + code + "'"));
    }

    /** As reports call it. */
    public String title() {
        return title;
    }

    /** What it means, in half a sentence. */
    public String explanation() {
        return explanation;
    }
}
