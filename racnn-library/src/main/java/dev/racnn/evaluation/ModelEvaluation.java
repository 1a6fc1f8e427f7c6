package dev.racnn.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.racnn.attack.ThreatModel;
import dev.racnn.training.EpochRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
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
        @Nullable NeighbourQuality retrieval,
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
     * of the model. Of the images those count that all of these attacks were run on.
     *
     * @return null if fewer than two attacks remain
     */
    @JsonIgnore
    public @Nullable RobustnessCurve worstCase() {
        List<AttackEvaluation> counted = attacks.stream()
                .filter(attack -> attack.budget() == null && attack.scenario() != Scenario.TRANSFER)
                .toList();
        return counted.size() < 2 ? null : worstCases(List.of(counted)).getFirst();
    }

    /**
     * Accuracy against perturbation for each of several groups of attacks on a model, when for every image the attack of the
     * group counts that comes nearest. Of the images those count that all attacks of all groups were run on.
     *
     * @param groups to compare, none of them empty
     */
    public static List<RobustnessCurve> worstCases(List<List<AttackEvaluation>> groups) {
        Set<Integer> common = commonImages(groups.stream().flatMap(List::stream).toList());
        return groups.stream()
                .map(group -> RobustnessCurve.worstCase(outcomes(group, common)))
                .toList();
    }

    /**
     * Accuracy within a budget when for every image the attack counts that succeeds within it, whatever the attack looked
     * for; Scenario 2 (a) is left out. Of the images those count that all of these attacks were run on.
     *
     * @throws IllegalArgumentException if the norm is L1, in which distances are not kept
     */
    public Proportion worstCase(ThreatModel budget) {
        List<AttackEvaluation> allowed = attacks.stream()
                .filter(attack -> attack.scenario() != Scenario.TRANSFER)
                .toList();
        List<List<ExampleOutcome>> counted = outcomes(allowed, commonImages(allowed));
        int n = counted.getFirst().size();
        int robust = (int) IntStream.range(0, n)
                .filter(i ->
                        counted.stream().noneMatch(examples -> examples.get(i).isWithin(budget)))
                .count();
        return new Proportion(robust, n);
    }

    /** The images that all attacks were run on: a dear one may have been run on fewer. */
    private static Set<Integer> commonImages(List<AttackEvaluation> attacks) {
        Set<Integer> common = new HashSet<>();
        for (int i = 0; i < attacks.size(); i++) {
            List<Integer> images = attacks.get(i).examples().stream()
                    .map(ExampleOutcome::index)
                    .toList();
            if (i == 0) {
                common.addAll(images);
            } else {
                common.retainAll(images);
            }
        }
        return common;
    }

    /** What each attack did to these images. */
    private static List<List<ExampleOutcome>> outcomes(List<AttackEvaluation> attacks, Set<Integer> images) {
        return attacks.stream()
                .map(attack -> attack.examples().stream()
                        .filter(example -> images.contains(example.index()))
                        .toList())
                .toList();
    }

    /** The same with the attacks so far. */
    ModelEvaluation with(List<AttackEvaluation> moreAttacks, List<GalleryExample> newGallery) {
        return new ModelEvaluation(name, formula, clean, configuration, training, retrieval, moreAttacks, newGallery);
    }
}
