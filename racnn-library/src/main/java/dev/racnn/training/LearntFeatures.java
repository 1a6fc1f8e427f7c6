package dev.racnn.training;

import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.model.Network;
import dev.racnn.model.Networks;
import dev.racnn.model.Networks.Part;
import dev.racnn.model.Pass;
import dev.racnn.tensor.Precision;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Features of a phi that is trained, with those of the candidates in a {@link FeatureBank}. */
final class LearntFeatures implements Features {
    private final Network phi;
    private final Precision precision;
    private final FeatureBank bank;

    /** @param dimension length of a feature */
    LearntFeatures(Network phi, Dataset candidates, int dimension, Precision precision) {
        this.phi = phi;
        this.precision = precision;
        bank = new FeatureBank(candidates, phi, dimension, precision);
    }

    @Override
    public Networks networks() {
        return new Networks().with(Part.PHI, phi);
    }

    @Override
    public List<Adam.Group> groups() {
        return List.of(new Adam.Group(Part.PHI.toString(), phi.parameters(), 1));
    }

    @Override
    public void refresh() {
        bank.refresh();
    }

    @Override
    public Tensor ofTraining(Batch batch) {
        return phi.forward(batch.images(), Pass.TRAINING, precision);
    }

    @Override
    public Tensor ofTest(Batch batch) {
        return phi.forward(batch.images(), Pass.EVALUATION, precision);
    }

    @Override
    public Tensor ofCandidates(int[] rows, int fresh, long seed) {
        return bank.features(rows, fresh, seed);
    }

    @Override
    public Tensor stored(int[] rows) {
        return bank.stored(rows);
    }

    @Override
    public void close() {
        bank.close();
        phi.close();
    }
}
