package dev.racnn.evaluation;

/**
 * What the paper states, to be compared with.
 *
 * @param model name of the model, as in the evaluation
 * @param scenario in which it was attacked
 * @param attack name of the attack; empty for clean accuracy
 * @param msd normalised L2 distance up to which accuracy is stated; 0 for clean accuracy
 * @param accuracy in [0, 1]
 */
public record PublishedAccuracy(String model, Scenario scenario, String attack, double msd, double accuracy) {
    public PublishedAccuracy {
        if (!(accuracy >= 0 && accuracy <= 1) || !(msd >= 0)) {
            throw new IllegalArgumentException(
                    "a published accuracy must be in [0, 1] at a distance of at least 0, but is %s at %s"
                            .formatted(accuracy, msd));
        }
    }
}
