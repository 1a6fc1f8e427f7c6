package dev.racnn.evaluation;

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
        double attentionEntropy) {}
