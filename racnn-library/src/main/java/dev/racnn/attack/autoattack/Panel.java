package dev.racnn.attack.autoattack;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.Outcome;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A classifier that answers at random, asked several times for each decision: its logits are those of all passes, one after
 * the other, and {@link Majority} counts votes among them. So whatever a runner decides (which clean images to attack, which
 * points to keep, whether they hold in the end) it decides by vote.
 *
 * <p>Attacks under it have to take losses and gradients from the gradient path, not from the logits of decisions.
 *
 * @param member the classifier
 * @param passes how many, at least 1
 */
record Panel(Classifier member, int passes) implements Classifier {
    /** A runner of the member, all of whose decisions become votes. */
    AttackRunner asked(AttackRunner runner) {
        return new AttackRunner(
                this,
                runner.gradients(),
                new Majority(runner.criterion(), passes),
                runner.batchSize(),
                runner.seed(),
                runner.progress(),
                runner.journal());
    }

    /** A result with classes of the member, not of the panel, for predictions. */
    AttackResult translated(AttackResult result) {
        return new AttackResult(
                result.attack(),
                result.settings(),
                result.threatModel(),
                result.criterion(),
                result.gradientPath(),
                result.seed(),
                result.imageSize(),
                result.bounds(),
                result.outcomes().stream().map(this::translated).toList());
    }

    private Outcome translated(Outcome outcome) {
        return outcome.withPrediction(outcome.cleanPrediction() % member.classes());
    }

    @Override
    public Tensor logits(Tensor images) {
        TensorVector answers = new TensorVector();
        for (int pass = 0; pass < passes; pass++) {
            answers.push_back(member.logits(images));
        }
        return torch.cat(answers, 1);
    }

    @Override
    public int classes() {
        return passes * member.classes();
    }

    @Override
    public Bounds bounds() {
        return member.bounds();
    }

    @Override
    public boolean differentiable() {
        return member.differentiable();
    }

    /**
     * A success in most of the passes.
     *
     * @param criterion of a single pass
     * @param passes of the panel
     */
    record Majority(Criterion criterion, int passes) implements Criterion {
        @Override
        public String name() {
            return "%s in most of %s passes".formatted(criterion.name(), passes);
        }

        @Override
        public boolean isAdversarial(float[] logits, int label, int index) {
            int classes = logits.length / passes;
            long hits = IntStream.range(0, passes)
                    .filter(pass -> criterion.isAdversarial(
                            Arrays.copyOfRange(logits, pass * classes, (pass + 1) * classes), label, index))
                    .count();
            return 2 * hits > passes;
        }

        @Override
        public OptionalInt target(int label, int index) {
            return criterion.target(label, index);
        }

        @Override
        public int depth() {
            return criterion.depth();
        }
    }
}
