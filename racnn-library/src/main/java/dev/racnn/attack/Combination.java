package dev.racnn.attack;

import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Several losses climbed at once. The gradient of each is brought to length one before they are added up, so that none drowns the
 * others; one that says nothing about a point drops out there. Progress is measured by the first loss.
 *
 * @param norm that limits or measures the perturbation; gradients have their length in its {@link Norm#dual}
 * @param terms at least one, of one loss each
 */
public record Combination(Norm norm, List<Objective> terms) implements Objective {
    public Combination {
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("a combination must have at least one term, but has none");
        }
    }

    @Override
    public boolean aimed() {
        return terms.stream().anyMatch(Objective::aimed);
    }

    @Override
    public List<Loss> losses(AttackBatch batch, IntUnaryOperator aims) {
        return terms.stream().map(term -> loss(term, batch, aims)).toList();
    }

    private static Loss loss(Objective term, AttackBatch batch, IntUnaryOperator aims) {
        List<Loss> losses = term.losses(batch, aims);
        if (losses.size() != 1) {
            throw new IllegalArgumentException(
                    "terms of a combination must have one loss each, but '%s' has %s".formatted(term, losses.size()));
        }
        return losses.getFirst();
    }

    @Override
    public LossGradient combined(List<LossGradient> each) {
        Tensor sum = torch.zeros_like(each.getFirst().gradient());
        for (LossGradient one : each) {
            boolean[] dead = one.dead(one.sizes(), 1);
            float[] lengths = Tensors.toFloats(norm.dual().lengths(one.gradient()));
            float[] scales = new float[dead.length];
            for (int i = 0; i < scales.length; i++) {
                scales[i] = dead[i] ? 0 : 1 / lengths[i];
            }
            sum.addcmul_(one.gradient(), Norm.perRow(Tensors.of(scales, scales.length), sum));
        }
        return new LossGradient(each.getFirst().losses(), sum);
    }

    @Override
    public String toString() {
        return terms.stream().map(Object::toString).collect(Collectors.joining(" and "));
    }
}
