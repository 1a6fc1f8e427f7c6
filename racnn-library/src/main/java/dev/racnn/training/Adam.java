package dev.racnn.training;

import dev.racnn.model.Parameters;
import dev.racnn.tensor.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Adam (Kingma and Ba, 2014) with decoupled weight decay (Loshchilov and Hutter, 2019), over whole parameter buffers.
 */
public final class Adam implements AutoCloseable {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final List<Moments> groups = new ArrayList<>();
    private final double decay;
    private long steps;

    /**
     * @param groups what to optimise
     * @param decay share of each number that is taken away per unit of learning rate, at least 0
     */
    public Adam(List<Group> groups, double decay) {
        this.decay = decay;
        try (var _ = Scope.open()) {
            for (Group group : groups) {
                Tensor values = group.parameters().values();
                this.groups.add(new Moments(
                        group, Scope.unscoped(torch.zeros_like(values)), Scope.unscoped(torch.zeros_like(values))));
            }
        }
    }

    /** Forgets the gradients of the last step. */
    public void clearGradients() {
        for (Moments moments : groups) {
            moments.group.parameters().gradients().zero_();
        }
    }

    /** Moves all parameters against their gradients at a learning rate. */
    public void step(double rate) {
        steps++;
        double correction1 = 1 - Math.pow(BETA1, (double) steps);
        double correction2 = 1 - Math.pow(BETA2, (double) steps);
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            for (Moments moments : groups) {
                double groupRate = rate * moments.group.rateFactor();
                Tensor values = moments.group.parameters().values();
                Tensor gradients = moments.group.parameters().gradients();
                moments.first.lerp_(gradients, new Scalar(1 - BETA1));
                moments.second.mul_(new Scalar(BETA2)).addcmul_(gradients, gradients, new Scalar(1 - BETA2));
                Tensor scale = moments.second
                        .sqrt()
                        .mul_(new Scalar(1 / Math.sqrt(correction2)))
                        .add_(new Scalar(EPSILON));
                values.mul_(new Scalar(1 - groupRate * decay));
                values.addcdiv_(moments.first, scale, new Scalar(-groupRate / correction1));
            }
        }
    }

    /** Number of steps taken. */
    public long steps() {
        return steps;
    }

    /** The moments by name, for a checkpoint. */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Moments moments : groups) {
            state.put(moments.group.name() + ".first", moments.first);
            state.put(moments.group.name() + ".second", moments.second);
        }
        return state;
    }

    /**
     * Continues from a checkpoint.
     *
     * @param saved moments by name
     * @param steps number of steps that had been taken
     */
    public void load(Map<String, Tensor> saved, long steps) {
        try (var _ = new NoGradGuard()) {
            state().forEach((name, target) -> {
                Tensor source = saved.get(name);
                if (source == null) {
                    throw new IllegalArgumentException(
                            "the checkpoint lacks %s of the optimiser; it holds %s".formatted(name, saved.keySet()));
                }
                target.copy_(source);
            });
        }
        this.steps = steps;
    }

    @Override
    public void close() {
        for (Moments moments : groups) {
            moments.first.close();
            moments.second.close();
        }
    }

    /**
     * Parameters that share a learning rate.
     *
     * @param name how a checkpoint calls them
     * @param parameters what to optimise
     * @param rateFactor multiplies the learning rate of the schedule
     */
    public record Group(String name, Parameters parameters, double rateFactor) {}

    private record Moments(Group group, Tensor first, Tensor second) {}
}
