package dev.racnn.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.HealthFlag;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.ThreatModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one attack did to one model.
 *
 * @param attack name of the attack, or of the sequence of attacks
 * @param scenario who is attacked
 * @param gradientPath what gradients went through; empty if the attack used none
 * @param criterion what counted as a success
 * @param settings of the attack, by name
 * @param budget the fixed budget, as of pixels in [0, 1], within which the attack searched; null for an attack that looks for the nearest
 *     adversarial image
 * @param thresholds normalised L2 distances at which tables state the accuracy
 * @param examples one outcome for each image
 * @param zeroGradientShare share of the gradients that were zero in every pixel, in [0, 1]
 * @param masked whether so many gradients were zero that the result says little about robustness
 * @param neverAttacked how many images count as robust only because the surrogate of Scenario 2 (a) gets them wrong
 *     unperturbed, so that there was nothing to attack
 * @param stages of a sequence, in their order; empty for one attack
 * @param flags signs that the verdict of a sequence is not to be trusted
 * @param remarks what else a reader has to know to believe the verdict
 * @param seconds the attack took
 * @param neighbours what became of the neighbours; null for a model without retrieval, or if no image was fooled
 */
public record AttackEvaluation(
        String attack,
        Scenario scenario,
        String gradientPath,
        String criterion,
        Map<String, String> settings,
        @Nullable ThreatModel budget,
        List<Double> thresholds,
        List<ExampleOutcome> examples,
        double zeroGradientShare,
        boolean masked,
        int neverAttacked,
        List<Stage> stages,
        List<String> flags,
        List<String> remarks,
        double seconds,
        @Nullable NeighbourShift neighbours) {
    public AttackEvaluation {
        thresholds = List.copyOf(thresholds);
        examples = List.copyOf(examples);
        stages = List.copyOf(stages);
        flags = List.copyOf(flags);
        remarks = List.copyOf(remarks);
    }

    /**
     * One attack of a sequence.
     *
     * @param attack name
     * @param attacked how many images were left for it
     * @param survivors how many of all images have withstood it and those before
     */
    public record Stage(String attack, int attacked, int survivors) {
        /** Those of a sequence. */
        public static List<Stage> of(SuiteResult result) {
            int n = result.worstCase().outcomes().size();
            return result.stages().stream()
                    .map(stage ->
                            new Stage(stage.attack(), stage.attacked(), (int) Math.round(n * stage.robustAccuracy())))
                    .toList();
        }

        /** The same attack on these images and on others. */
        public Stage and(Stage other) {
            return new Stage(attack, attacked + other.attacked, survivors + other.survivors);
        }
    }

    static AttackEvaluation of(
            SuiteResult result,
            int neverAttacked,
            Scenario scenario,
            Suite.Entry entry,
            double seconds,
            @Nullable NeighbourShift neighbours) {
        AttackResult worst = result.worstCase();
        return new AttackEvaluation(
                worst.attack(),
                scenario,
                worst.gradientPath(),
                worst.criterion(),
                settings(result),
                entry.attack().threatModel().orElse(null),
                entry.thresholds(),
                worst.outcomes().stream()
                        .map(outcome -> ExampleOutcome.of(outcome, worst.bounds()))
                        .toList(),
                worst.zeroGradientShare(),
                worst.masked(),
                neverAttacked,
                Stage.of(result),
                result.flags().stream().map(HealthFlag::message).toList(),
                result.remarks(),
                seconds,
                neighbours);
    }

    /** Every setting of a sequence and of its attacks, by name. */
    public static Map<String, String> settings(SuiteResult result) {
        Map<String, String> settings =
                new LinkedHashMap<>(Settings.flatten(result.worstCase().settings()));
        for (SuiteResult.Stage stage : result.stages()) {
            Settings.flatten(stage.result().settings())
                    .forEach((name, value) -> settings.put(stage.attack() + "." + name, value));
        }
        return settings;
    }

    /** Accuracy against perturbation. */
    @JsonIgnore
    public RobustnessCurve curve() {
        return RobustnessCurve.of(examples);
    }

    /** Accuracy on these images, unperturbed; those that are wrong already have distance 0. */
    @JsonIgnore
    public Proportion clean() {
        return new Proportion(
                (int) examples.stream()
                        .filter(example -> example.distance() > 0)
                        .count(),
                examples.size());
    }

    /** Share of the images for which the attack found nothing at all. */
    @JsonIgnore
    public Proportion unbroken() {
        return curve().unbroken();
    }
}
