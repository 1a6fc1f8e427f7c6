package dev.racnn.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.racnn.training.EpochRecord;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one model is worth.
 *
 * @param name in tables, such as {@code RaCNN-K5-mixup}
 * @param formula what it computes, such as {@code g(P(x))}
 * @param clean accuracy on all unperturbed test images
 * @param configuration every setting that the model was trained with, by name
 * @param training log of its training, empty if there is none
 * @param retrieval how good its neighbours are; null for a model without retrieval
 * @param attacks what each attack did
 * @param gallery some images with their neighbours, before and after an attack; empty for a model without retrieval
 */
public record ModelEvaluation(
        String name,
        String formula,
        Proportion clean,
        Map<String, String> configuration,
        List<EpochRecord> training,
        @Nullable RetrievalQuality retrieval,
        List<AttackEvaluation> attacks,
        List<GalleryExample> gallery) {
    public ModelEvaluation {
        training = List.copyOf(training);
        attacks = List.copyOf(attacks);
        gallery = List.copyOf(gallery);
    }

    /**
     * Accuracy against perturbation when for every image the attack counts that comes nearest; attacks with a fixed budget
     * are left out, for they do not look for the nearest image. Scenario 2 (a) is left out too: its attacker knows nothing
     * of the model.
     *
     * @return null if fewer than two attacks remain
     */
    @JsonIgnore
    public @Nullable RobustnessCurve worstCase() {
        List<List<ExampleOutcome>> outcomes = attacks.stream()
                .filter(attack -> attack.budget() == null && attack.scenario() != Scenario.TRANSFER)
                .map(AttackEvaluation::examples)
                .toList();
        return outcomes.size() < 2 ? null : RobustnessCurve.worstCase(outcomes);
    }

    /** The same with the attacks so far. */
    ModelEvaluation with(List<AttackEvaluation> moreAttacks, List<GalleryExample> newGallery) {
        return new ModelEvaluation(name, formula, clean, configuration, training, retrieval, moreAttacks, newGallery);
    }
}
