package dev.racnn.experiment;

import dev.racnn.attack.Outcome;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.GalleryExample;
import dev.racnn.evaluation.NeighbourQuality;
import dev.racnn.evaluation.NeighbourShift;
import dev.racnn.evaluation.Proportion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a cell came to.
 *
 * @param heading everything that it depends on, by name
 * @param version of the library that computed it
 * @param date when it was finished, ISO 8601
 * @param seconds it took
 * @param environment processor, threads, arithmetic and the like, by name
 * @param clean of unperturbed images; null for those under an attack
 * @param attacked of images under an attack; null for unperturbed ones
 */
record CellResult(
        Map<String, String> heading,
        String version,
        String date,
        double seconds,
        Map<String, String> environment,
        @Nullable Clean clean,
        @Nullable Attacked attacked) {
    /**
     * Answers to unperturbed images.
     *
     * @param accuracy share of right ones
     * @param quality of the neighbours; null for a model without retrieval
     */
    record Clean(Proportion accuracy, @Nullable NeighbourQuality quality) {}

    /**
     * What an attack did.
     *
     * @param gradientPath what gradients went through; empty if the attack used none
     * @param criterion what counted as a success
     * @param settings all of the attack's, by name
     * @param outcomes image by image, without the points that were found
     * @param neverAttacked how many images of a transfer the surrogate gets wrong unperturbed, and the model does not
     * @param stages of a sequence; empty for one attack
     * @param flags signs that the verdict of a sequence is not to be trusted
     * @param neighbours what became of the neighbours; null without retrieval, or if no image was fooled
     * @param gallery images with their neighbours, of the first images of an attack
     */
    record Attacked(
            String gradientPath,
            String criterion,
            Map<String, String> settings,
            List<Outcome> outcomes,
            int neverAttacked,
            List<AttackEvaluation.Stage> stages,
            List<String> flags,
            @Nullable NeighbourShift neighbours,
            List<GalleryExample> gallery) {}
}
