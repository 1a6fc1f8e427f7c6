package dev.racnn.racnn;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * phi(x') as one state of the candidate set holds it.
 *
 * @param candidates D'
 */
public record StoredFeatures(CandidateSnapshot candidates) implements CandidateFeatures {
    @Override
    public Tensor of(long[] ids) {
        int d = candidates.layout().featureDimension();
        float[] features = new float[ids.length * d];
        for (int i = 0; i < ids.length; i++) {
            candidates.copyFeature(ids[i], features, i * d);
        }
        return Tensors.of(features, ids.length, d);
    }
}
