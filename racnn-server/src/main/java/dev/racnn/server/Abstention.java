package dev.racnn.server;

import dev.racnn.racnn.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * When the service gives no label: where an image lies too far outside the candidate set, or its neighbours agree too little.
 *
 * @param abovePercentile largest percentile that is answered, in [0, 100]; null for any
 * @param belowAgreement smallest agreement that is answered, in [0, 1]; null for any
 */
public record Abstention(
        @Nullable Double abovePercentile, @Nullable Double belowAgreement) {
    /** Every image gets a label. */
    public static final Abstention NEVER = new Abstention(null, null);

    public Abstention {
        require("the percentile above which there is no label", abovePercentile, 100);
        require("the agreement below which there is no label", belowAgreement, 1);
    }

    /** Whether an answer with this evidence gets no label. */
    public boolean applies(Evidence evidence) {
        return (abovePercentile != null && evidence.percentile() > abovePercentile)
                || (belowAgreement != null && evidence.agreement() < belowAgreement);
    }

    private static void require(String name, @Nullable Double value, double largest) {
        if (value != null && !(value >= 0 && value <= largest)) {
            throw new IllegalArgumentException("%s must be from 0 to %s, but is %s".formatted(name, largest, value));
        }
    }
}
