package dev.racnn.evaluation;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * How good the neighbours of unperturbed images are.
 *
 * @param engine the retrieval engine with its settings
 * @param recall share of the true K nearest candidates that the engine returns, in [0, 1]
 * @param recallQueries over how many queries recall was measured; 0 if the engine is exact by construction
 * @param candidates size of D'
 * @param k neighbours per image
 * @param purity share of the neighbours that have the true label of the image, in [0, 1]
 * @param vote share of the images whose label most of their neighbours have (the lowest label wins a tie)
 * @param attentionEntropy mean entropy of the attention weights in nats, from 0 (one neighbour decides) to ln K (uniform)
 */
public record NeighbourQuality(
        String engine,
        double recall,
        int recallQueries,
        int candidates,
        int k,
        double purity,
        Proportion vote,
        double attentionEntropy) {
    /**
     * The quality over the images of several parts of a data set, of the same model.
     *
     * @param parts at least one
     */
    public static NeighbourQuality together(List<NeighbourQuality> parts) {
        NeighbourQuality first = parts.getFirst();
        int n = sum(parts, part -> part.vote.n());
        int queries = sum(parts, NeighbourQuality::recallQueries);
        return new NeighbourQuality(
                first.engine,
                queries == 0 ? 1 : mean(parts, NeighbourQuality::recall),
                queries,
                first.candidates,
                first.k,
                mean(parts, NeighbourQuality::purity),
                new Proportion(sum(parts, part -> part.vote.count()), n),
                mean(parts, NeighbourQuality::attentionEntropy));
    }

    private static int sum(List<NeighbourQuality> parts, ToIntFunction<NeighbourQuality> value) {
        return parts.stream().mapToInt(value).sum();
    }

    private static double mean(List<NeighbourQuality> parts, ToDoubleFunction<NeighbourQuality> value) {
        double sum = parts.stream()
                .mapToDouble(part -> part.vote.n() * value.applyAsDouble(part))
                .sum();
        return sum / sum(parts, part -> part.vote.n());
    }
}
