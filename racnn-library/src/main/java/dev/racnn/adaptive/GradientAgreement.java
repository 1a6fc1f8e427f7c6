package dev.racnn.adaptive;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Combination;
import dev.racnn.attack.Examples;
import dev.racnn.attack.LogitsLoss;
import dev.racnn.attack.Losses;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Rivals;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Signal;
import dev.racnn.attack.Step;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.modern.Estimated;
import dev.racnn.tensor.Scope;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * How well a gradient that attacks follow says in which direction the model's own answer changes: its cosine with an estimate, by simultaneous
 * perturbation (SPSA), of the gradient of the hard lead of the likeliest wrong class. An estimate from few directions has but a small cosine
 * with anything, so that it is stated beside what the gradient of a smooth model would have.
 */
final class GradientAgreement {
    private static final int IMAGES = 16;
    private static final int PAIRS = 64;

    private GradientAgreement() {}

    /** What a reader should know of the joint attack's gradient at some unperturbed images, and of one with the neighbours held fast. */
    static String remark(AttackRunner runner, Examples examples, ThreatModel budget) throws IOException {
        Probe joint = new Probe(new Combination(budget.norm(), List.copyOf(Term.JOINT)), budget);
        Objective lead =
                Objective.of("lead", (batch, aims) -> Losses.lead(batch, aims).on(Signal.LOGITS));
        Probe frozen = new Probe(lead, budget);
        Examples some = examples.at(
                IntStream.range(0, Math.min(IMAGES, examples.count())).toArray());
        AttackRunner unkept = runner.withJournal(null);
        unkept.run(joint, some);
        unkept.run(frozen, some);
        return String.format(
                Locale.ROOT,
                "cosine with an estimate of the hard lead's gradient from %s pairs of points (SPSA), mean over %s"
                        + " images: %.3f for the joint attack, %.3f with the neighbours held fast; that of a smooth"
                        + " model's own gradient would be about %.3f",
                PAIRS,
                joint.images,
                joint.mean(),
                frozen.mean(),
                Math.sqrt(PAIRS / (double) (PAIRS + examples.size().bytes())));
    }

    /** Looks at the images, and finds nothing. */
    private static final class Probe implements Attack {
        private final Objective objective;
        private final ThreatModel budget;
        private double sum;
        private int images;

        Probe(Objective objective, ThreatModel budget) {
            this.objective = objective;
            this.budget = budget;
        }

        /** Of the probe, which looks at images alone. */
        private record Settings(int pairs) {}

        @Override
        public String name() {
            return "agreement";
        }

        @Override
        public Record settings() {
            return new Settings(PAIRS);
        }

        @Override
        public Optional<ThreatModel> threatModel() {
            return Optional.of(budget);
        }

        double mean() {
            return images == 0 ? 0 : sum / images;
        }

        @Override
        public void run(AttackBatch batch, ScoredModel model) {
            if (batch.size() == 0) {
                return;
            }
            IntUnaryOperator aims = Rivals.of(batch, model, 1).ofRank(0);
            model.at(new Step(0, 1, 1, 2));
            try (var _ = Scope.open()) {
                Tensor points = batch.originals(batch.rows());
                Climb climb = new Climb(objective, batch, model, aims);
                float[][] used =
                        batch.pixels(climb.gradient(points, batch.rows()).gradient());
                LogitsLoss lead = Losses.lead(batch, aims);
                for (int row : batch.rows()) {
                    float[] estimate = Estimated.Kind.SPSA.estimate(
                            batch, model, lead, batch.original(row), row, PAIRS, radius(batch));
                    sum += cosine(used[row], estimate);
                    images++;
                }
            }
        }

        /** In every pixel a part of the way to the surface of the ball. */
        private double radius(AttackBatch batch) {
            double half = budget.epsilon() / 2;
            return budget.norm() == Norm.LINF
                    ? half
                    : half / Math.sqrt(batch.imageSize().bytes());
        }

        /** Of two directions; 0 if one of them is none. */
        private static double cosine(float[] a, float[] b) {
            double product = 0;
            double ofA = 0;
            double ofB = 0;
            for (int i = 0; i < a.length; i++) {
                product += (double) a[i] * b[i];
                ofA += (double) a[i] * a[i];
                ofB += (double) b[i] * b[i];
            }
            return ofA == 0 || ofB == 0 ? 0 : product / Math.sqrt(ofA * ofB);
        }
    }
}
