package dev.racnn.evaluation;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What an attack does to the retrieval: means over the images that it fooled.
 *
 * @param n how many images that is, at least 1
 * @param purityBefore share of the neighbours of the clean image that have its true label, in [0, 1]
 * @param purityAfter the same for the adversarial image
 * @param churn share of the neighbours of the clean image that are no longer neighbours, in [0, 1]
 * @param entropyBefore entropy of the attention weights on the clean image in nats, at most ln K
 * @param entropyAfter the same for the adversarial image
 */
public record NeighbourShift(
        int n, double purityBefore, double purityAfter, double churn, double entropyBefore, double entropyAfter) {
    /** The means over the images of several; null if there are none. */
    public static @Nullable NeighbourShift together(List<NeighbourShift> parts) {
        int n = parts.stream().mapToInt(NeighbourShift::n).sum();
        return n == 0
                ? null
                : new NeighbourShift(
                        n,
                        mean(parts, n, NeighbourShift::purityBefore),
                        mean(parts, n, NeighbourShift::purityAfter),
                        mean(parts, n, NeighbourShift::churn),
                        mean(parts, n, NeighbourShift::entropyBefore),
                        mean(parts, n, NeighbourShift::entropyAfter));
    }

    private static double mean(List<NeighbourShift> parts, int n, ToDoubleFunction<NeighbourShift> value) {
        return parts.stream()
                        .mapToDouble(part -> part.n * value.applyAsDouble(part))
                        .sum()
                / n;
    }
}
