package dev.racnn.server.attack;

import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Norm;
import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.AttackPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An attack on one image, as it is asked for.
 *
 * @param pixels unsigned bytes in the order channel, row, column, of the model's size
 * @param kind which attack
 * @param attack the same with its norm and budget
 * @param epsilon the budget in the units of the pixels; empty if the attack has none
 * @param aim whom it is aimed at
 * @param label true class; empty for what the RaCNN takes the image for
 * @param k neighbours of the RaCNN
 */
public record AttackOrder(
        byte[] pixels,
        AttackKind kind,
        AttackSequence attack,
        Optional<Double> epsilon,
        Aim aim,
        Optional<Integer> label,
        int k) {
    /**
     * Checks what belongs together.
     *
     * @param norm null for the one that is usual for the attack
     * @param epsilon null for an attack that needs no budget
     * @throws IllegalArgumentException if the attack needs a budget and has none, has one and needs none, or does not know the norm
     */
    public static AttackSequence attack(AttackKind kind, @Nullable Norm norm, @Nullable Double epsilon) {
        if (epsilon != null && !(epsilon > 0 && Double.isFinite(epsilon))) {
            throw new IllegalArgumentException("epsilon must be positive and finite, but is " + epsilon);
        }
        if (kind.needsBudget() != (epsilon != null)) {
            throw new IllegalArgumentException(
                    kind.needsBudget()
                            ? "attack '%s' works within a budget; give one, such as epsilon=0.03".formatted(kind.name())
                            : "attack '%s' looks for the nearest point and has no budget; leave epsilon out"
                                    .formatted(kind.name()));
        }
        return AttackPlan.of(kind, norm, epsilon == null ? List.of() : List.of(epsilon), Map.of())
                .runs()
                .getFirst();
    }
}
