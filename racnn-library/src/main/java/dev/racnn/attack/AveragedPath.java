package dev.racnn.attack;

import dev.racnn.model.Classifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** Another path, asked several times for each gradient. */
record AveragedPath(GradientPath path, int count) implements GradientPath {
    AveragedPath {
        if (count < 1) {
            throw new IllegalArgumentException("gradients must be averaged over at least 1 pass, but over " + count);
        }
    }

    @Override
    public String name() {
        return "%s, mean of %s passes".formatted(path.name(), count);
    }

    @Override
    public boolean answersFor(Classifier target) {
        return path.answersFor(target);
    }

    @Override
    public GradientPath origin() {
        return path.origin();
    }

    @Override
    public int passes() {
        return count * path.passes();
    }

    @Override
    public GradientSession open(AttackBatch batch) {
        GradientSession session = path.open(batch);
        return new GradientSession() {
            @Override
            public void at(Step step) {
                session.at(step);
            }

            @Override
            public Gradients gradients(Tensor points, int[] rows, List<Loss> losses) {
                List<Gradients> passes = new ArrayList<>();
                for (int pass = 0; pass < count; pass++) {
                    passes.add(session.gradients(points, rows, losses));
                }
                return new Gradients(
                        IntStream.range(0, losses.size())
                                .mapToObj(loss -> LossGradient.mean(passes.stream()
                                        .map(pass -> pass.each().get(loss))
                                        .toList()))
                                .toList(),
                        passes.getFirst().logits());
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }
}
