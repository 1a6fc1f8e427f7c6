package dev.racnn.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.racnn.attack.AttackResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one attack did to one model.
 *
 * @param attack name
 * @param scenario who is attacked
 * @param gradientPath what gradients went through; empty if the attack used none
 * @param criterion what counted as a success
 * @param settings of the attack, by name
 * @param budget the fixed budget within which the attack searched, such as {@code LINF <= 0.03}; null for an attack that
 *     looks for the nearest adversarial image
 * @param thresholds normalised L2 distances at which tables state the accuracy
 * @param examples one outcome for each image
 * @param zeroGradientShare share of the gradients that were zero in every pixel, in [0, 1]
 * @param masked whether so many gradients were zero that the result says little about robustness
 * @param seconds the attack took
 * @param neighbours what became of the neighbours; null for a model without retrieval, or if no image was fooled
 */
public record AttackEvaluation(
        String attack,
        Scenario scenario,
        String gradientPath,
        String criterion,
        Map<String, String> settings,
        @Nullable String budget,
        List<Double> thresholds,
        List<ExampleOutcome> examples,
        double zeroGradientShare,
        boolean masked,
        double seconds,
        @Nullable NeighbourShift neighbours) {
    public AttackEvaluation {
        thresholds = List.copyOf(thresholds);
        examples = List.copyOf(examples);
    }

    static AttackEvaluation of(
            AttackResult result,
            Scenario scenario,
            List<Double> thresholds,
            double seconds,
            @Nullable NeighbourShift neighbours) {
        return new AttackEvaluation(
                result.attack(),
                scenario,
                result.gradientPath(),
                result.criterion(),
                Settings.flatten(result.settings()),
                result.threatModel().map(Object::toString).orElse(null),
                thresholds,
                result.outcomes().stream().map(ExampleOutcome::of).toList(),
                result.zeroGradientShare(),
                result.masked(),
                seconds,
                neighbours);
    }

    /** Accuracy against perturbation. */
    @JsonIgnore
    public RobustnessCurve curve() {
        return RobustnessCurve.of(examples);
    }

    /** Accuracy on these images, unperturbed. */
    @JsonIgnore
    public Proportion clean() {
        return new Proportion(
                (int) examples.stream()
                        .filter(example -> example.cleanPrediction() == example.label())
                        .count(),
                examples.size());
    }

    /** Share of the images for which the attack found nothing at all. */
    @JsonIgnore
    public Proportion unbroken() {
        return curve().unbroken();
    }
}
