package dev.racnn.evaluation;

import dev.racnn.attack.Criterion;
import java.util.Map;

/**
 * What an evaluation measures, apart from the models.
 *
 * @param suite the attacks
 * @param data where the images come from, for reports
 * @param sample which test images to attack
 * @param limit how many test images to attack at most, at least 1; clean accuracy is measured on all of them
 * @param top how many answers a model may give: an image is adversarial if its label is not among so many largest logits, at
 *     least 1
 * @param galleryExamples how many images to show with their neighbours, at least 0
 * @param seed of all random numbers
 * @param batchSize how many images are attacked together, at least 1
 * @param command that repeats the evaluation, for reports
 * @param environment processor, threads, arithmetic and the like, by name, for reports
 */
public record EvaluationPlan(
        Suite suite,
        String data,
        Sample.Choice sample,
        int limit,
        int top,
        int galleryExamples,
        long seed,
        int batchSize,
        String command,
        Map<String, String> environment) {
    public EvaluationPlan {
        check("limit", limit, 1);
        check("top", top, 1);
        check("galleryExamples", galleryExamples, 0);
        check("batchSize", batchSize, 1);
    }

    /** What counts as a success of an attack, and as a mistake on an unperturbed image. */
    Criterion criterion() {
        return Criterion.topK(top);
    }

    private static void check(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("%s must be at least %s, but is %s".formatted(name, least, value));
        }
    }
}
