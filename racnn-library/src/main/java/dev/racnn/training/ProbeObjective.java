package dev.racnn.training;

import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.model.Network;
import dev.racnn.model.Networks;
import dev.racnn.model.Networks.Part;
import dev.racnn.model.Pass;
import dev.racnn.tensor.Scope;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** Cross-entropy of a g' on features that are known: a linear probe of phi'. */
final class ProbeObjective implements Objective {
    private final Features features;
    private final Network head;
    private final int classes;

    /** @param features of phi' */
    ProbeObjective(Features features, Network head, int classes) {
        this.features = features;
        this.head = head;
        this.classes = classes;
    }

    @Override
    public Networks networks() {
        return new Networks().with(Part.G_PRIME, head);
    }

    @Override
    public List<Adam.Group> groups() {
        return List.of(new Adam.Group(Part.G_PRIME.toString(), head.parameters(), 1));
    }

    @Override
    public boolean looksAtImages() {
        return features.looksAtImages();
    }

    @Override
    public Outcome step(Batch batch, int epoch, long step, Descent descent) {
        try (var _ = Scope.open()) {
            Tensor logits = head.forward(features.ofTraining(batch), Pass.TRAINING);
            double loss = descent.descend(SoftLabels.crossEntropy(logits, SoftLabels.oneHot(batch.labels(), classes)));
            return new Outcome(loss, SoftLabels.correct(logits, batch.labels()), Map.of());
        }
    }

    @Override
    public Accuracy accuracy(Dataset data) {
        return Accuracy.ofNamed(batch -> head.forward(features.ofTest(batch), Pass.EVALUATION), data);
    }

    @Override
    public void close() {
        head.close();
    }
}
