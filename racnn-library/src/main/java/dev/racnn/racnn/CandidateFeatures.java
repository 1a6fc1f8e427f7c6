package dev.racnn.racnn;

import org.bytedeco.pytorch.Tensor;

/** phi(x') of every candidate, as the projection needs it. */
public interface CandidateFeatures {
    /**
     * The features of candidates.
     *
     * @param ids candidates that the retrieval engine returned, with repetitions
     * @return float32 [ids, d]
     */
    Tensor of(long[] ids);
}
