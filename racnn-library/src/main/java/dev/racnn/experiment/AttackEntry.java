package dev.racnn.experiment;

import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Norm;
import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.Strength;
import dev.racnn.evaluation.Scenario;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An attack of an experiment.
 *
 * @param kind which attack
 * @param norm null for the only norm of the attack, or else Linf
 * @param epsilon budget, of an attack that needs one
 * @param changes of its settings, by name, as typed
 * @param images how many to attack, a multiple of {@code batch} so that more can follow
 * @param batch how many are attacked together and finished together: what an interruption costs at most
 * @param scenarios in which RaCNNs are attacked; the others are attacked directly
 * @param thresholds normalised L2 distances at which tables state the accuracy
 */
public record AttackEntry(
        AttackKind kind,
        @Nullable Norm norm,
        @Nullable Double epsilon,
        Map<String, String> changes,
        int images,
        int batch,
        List<Scenario> scenarios,
        List<Double> thresholds) {
    public AttackEntry {
        changes = Map.copyOf(changes);
        scenarios = scenarios.stream().distinct().sorted().toList();
        thresholds = List.copyOf(thresholds);
        if (batch < 1 || images < batch || images % batch != 0) {
            throw new IllegalArgumentException(
                    "images of attack '%s' must be a positive multiple of batch, so that more can be added, but are %s with a batch of %s"
                            .formatted(kind.name(), images, batch));
        }
        if (scenarios.isEmpty()) {
            throw new IllegalArgumentException(
                    "attack '%s' must have scenarios, such as [1, 2a, 2b], but has none".formatted(kind.name()));
        }
        boolean knowing = kind.strength() == Strength.ADAPTIVE;
        if (knowing ? !scenarios.equals(List.of(Scenario.WHITE_BOX)) : scenarios.contains(Scenario.WHITE_BOX)) {
            throw new IllegalArgumentException(
                    "the scenario white-box, and no other, is that of attacks on the retrieval itself; those of attack '%s' must be %s, but are %s"
                            .formatted(
                                    kind.name(),
                                    knowing ? "[white-box]" : "of 1, 2a and 2b",
                                    scenarios.stream().map(Scenario::code).toList()));
        }
        if (kind.needsBudget() == !thresholds.isEmpty()) {
            throw new IllegalArgumentException(
                    kind.needsBudget()
                            ? "attack '%s' works within a budget, so it has no msd to state accuracy at; leave msd out"
                                    .formatted(kind.name())
                            : "attack '%s' looks for the nearest image, so it must have msd, the distances to state accuracy at, but has none"
                                    .formatted(kind.name()));
        }
    }

    /** The attack on pixels in [0, 1]. */
    AttackSequence attack() {
        Norm asked = norm;
        Norm only = kind.norms().size() == 1 ? kind.norms().getFirst() : Norm.LINF;
        return kind.make(asked == null ? only : asked, Optional.ofNullable(epsilon), changes);
    }

    /** What tells it from the other attacks of an experiment, in letters that file names may have. */
    String key() {
        return kind.name()
                + attack().threatModel()
                        .map(budget -> "-" + budget.norm() + "-" + budget.epsilon())
                        .orElse("");
    }

    /** The same with at most so many images. */
    AttackEntry limitedTo(int most) {
        if (images <= most) {
            return this;
        }
        int fewer = most < batch ? most : most / batch * batch;
        return new AttackEntry(kind, norm, epsilon, changes, fewer, Math.min(batch, fewer), scenarios, thresholds);
    }
}
