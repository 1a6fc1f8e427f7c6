package dev.racnn.training;

import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.model.Network;
import dev.racnn.model.NetworkClassifier;
import dev.racnn.model.Networks;
import dev.racnn.model.Networks.Part;
import dev.racnn.model.Pass;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Seed;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Cross-entropy of a plain classifier: the baseline g(phi(x)), or g'(phi'(x)); with global mixup if asked for. */
final class ClassificationObjective implements Objective {
    private final Part extractorPart;
    private final Network extractor;
    private final Part headPart;
    private final Network head;
    private final int classes;
    private final Precision precision;
    private final double globalMixup;
    private final Seed seed;

    /** @param globalMixup alpha of the Beta distribution of the mixing coefficient, 0 for none */
    ClassificationObjective(
            Part extractorPart,
            Network extractor,
            Part headPart,
            Network head,
            int classes,
            Precision precision,
            double globalMixup,
            long seed) {
        this.extractorPart = extractorPart;
        this.extractor = extractor;
        this.headPart = headPart;
        this.head = head;
        this.classes = classes;
        this.precision = precision;
        this.globalMixup = globalMixup;
        this.seed = new Seed(seed).derive("global mixup");
    }

    @Override
    public Networks networks() {
        return new Networks().with(extractorPart, extractor).with(headPart, head);
    }

    @Override
    public List<Adam.Group> groups() {
        return List.of(
                new Adam.Group(extractorPart.toString(), extractor.parameters(), 1),
                new Adam.Group(headPart.toString(), head.parameters(), 1));
    }

    @Override
    public Outcome step(Batch batch, int epoch, long step, Descent descent) {
        try (var _ = Scope.open()) {
            Tensor images = batch.images();
            Tensor targets = SoftLabels.oneHot(batch.labels(), classes);
            if (globalMixup > 0) {
                // The partner of an image is the one in the mirrored place of the batch, whose order is random.
                double lambda = new BetaDraw(globalMixup).draw(seed.derive(step).random());
                images = mixed(images, lambda);
                targets = mixed(targets, lambda);
            }
            Tensor logits;
            try (var _ = precision.autocast()) {
                logits = head.forward(extractor.forward(images, Pass.TRAINING), Pass.TRAINING);
            }
            logits = logits.to(ScalarType.Float);
            double loss = descent.descend(SoftLabels.crossEntropy(logits, targets));
            return new Outcome(loss, SoftLabels.correct(logits, batch.labels()), Map.of());
        }
    }

    @Override
    public Accuracy accuracy(Dataset data) {
        NetworkClassifier classifier = new NetworkClassifier(extractor, head, classes, precision);
        return Accuracy.of(batch -> classifier.logits(batch.images()), data);
    }

    @Override
    public void close() {
        extractor.close();
        head.close();
    }

    private static Tensor mixed(Tensor batch, double lambda) {
        return batch.mul(new Scalar(lambda)).add(torch.flip(batch, 0).mul(new Scalar(1 - lambda)));
    }
}
