package dev.racnn.experiment;

import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.ThreatModel;
import dev.racnn.evaluation.Scenario;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an attack beside its results.
 *
 * @param name of the attack
 * @param key what tells it from the others
 * @param gradients whether it asks for gradients: without, Scenario 2 (b) is Scenario 1
 * @param changes of its settings, by name, as typed
 * @param budget the fixed budget, as of pixels in [0, 1]; null for an attack that looks for the nearest image
 * @param thresholds normalised L2 distances at which tables state the accuracy
 * @param images how many are attacked
 * @param batch how many together
 * @param scenarios in which models with a surrogate are attacked
 */
public record AttackSheet(
        String name,
        String key,
        boolean gradients,
        Map<String, String> changes,
        @Nullable ThreatModel budget,
        List<Double> thresholds,
        int images,
        int batch,
        List<Scenario> scenarios) {
    private static final Map<String, Double> PASSES =
            Map.of("fgsm", 150.0, "deepfool", 200.0, "ifgsm", 700.0, "lbfgs", 5000.0, "boundary", 12000.0);
    private static final double OTHER_PASSES = 500;

    public AttackSheet {
        changes = new TreeMap<>(changes);
        thresholds = List.copyOf(thresholds);
        scenarios = List.copyOf(scenarios);
    }

    static AttackSheet of(AttackEntry entry) {
        AttackSequence attack = entry.attack();
        return new AttackSheet(
                attack.name(),
                entry.key(),
                attack.needsGradients(),
                entry.changes(),
                attack.threatModel().orElse(null),
                entry.thresholds(),
                entry.images(),
                entry.batch(),
                entry.scenarios());
    }

    /** Passes through a model that an image takes, about. */
    double passes() {
        return PASSES.getOrDefault(name, OTHER_PASSES);
    }

    /** How many blocks of images there are. */
    int blocks() {
        return Math.ceilDiv(images, batch);
    }
}
