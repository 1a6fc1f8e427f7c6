package dev.racnn.attack.autoattack;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Autograd;
import dev.racnn.attack.Examples;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.HealthFlag;
import dev.racnn.attack.LogitsLoss;
import dev.racnn.attack.LogitsObjective;
import dev.racnn.attack.LossGradient;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.Signal;
import dev.racnn.attack.Signals;
import dev.racnn.attack.SuiteResult;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.model.Vicinity;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Looks for the signs of {@link HealthFlag} before and after a suite has run. */
final class HealthCheck {
    private static final int PASSES = 5;

    /** How far normalised logits of several passes may be apart. */
    private static final double LARGEST_DIFFERENCE = 1e-4;

    private static final double PROBABILITY_ROUNDING = 1e-5;

    /** By how much Square may lower the robust accuracy without raising suspicion. */
    private static final double SUSPICIOUS_GAIN = 0.002;

    /** Steps along a gradient, as shares of the radius, one of which should raise the loss. */
    private static final double[] STEPS = {1, 0.25, 0.0625};

    /** From this share of images on whose loss does not grow, gradients are useless. */
    private static final double SUSPICIOUS_SHARE = 0.1;

    private final AutoAttack suite;
    private final AttackRunner runner;
    private final List<HealthFlag> flags = new ArrayList<>();

    HealthCheck(AutoAttack suite, AttackRunner runner) {
        this.suite = suite;
        this.runner = runner;
    }

    List<HealthFlag> flags() {
        return flags;
    }

    /** Whether a flag says that gradients are hidden or useless. */
    boolean masked() {
        return flags.stream().anyMatch(HealthFlag::masking);
    }

    /** Looks at the classifier through the first batch of the examples. */
    void before(Examples examples) {
        int count = Math.min(examples.count(), runner.settings().batchSize());
        if (count == 0) {
            return;
        }
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Examples first = examples.at(IntStream.range(0, count).toArray());
            Tensor images = first.tensor();
            Tensor logits = runner.target().logits(images);
            boolean random = isRandom(images, logits);
            if (random && suite.version() != AutoAttack.Version.RAND) {
                add(
                        HealthFlag.Kind.RANDOMISED,
                        "the classifier answers differently every time; use the rand version, which averages");
            }
            if (areProbabilities(logits)) {
                add(
                        HealthFlag.Kind.PROBABILITIES,
                        "the outputs look like probabilities; attack the logits, whose gradients do not vanish");
            }
            if (!random) {
                lookAtGradients(images, first.labels());
            }
            if (!random && takesGradients(images, logits)) {
                add(
                        HealthFlag.Kind.OPTIMISES,
                        "the classifier takes gradients in its forward pass, which these attacks do not follow; use"
                                + " attacks that know the defence");
            }
        }
    }

    private boolean isRandom(Tensor images, Tensor first) {
        List<Tensor> answers = new ArrayList<>(List.of(normalised(first)));
        for (int pass = 1; pass < PASSES; pass++) {
            answers.add(normalised(runner.target().logits(images)));
        }
        for (Tensor one : answers) {
            for (Tensor other : answers) {
                double difference = Tensors.toDoubles(lengths(one.sub(other)).max())[0];
                if (difference > LARGEST_DIFFERENCE) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Tensor normalised(Tensor logits) {
        return logits.div(lengths(logits).add(new Scalar(1e-10)).unsqueeze(1));
    }

    private static Tensor lengths(Tensor logits) {
        return logits.norm(new ScalarOptional(new Scalar(2.0)), 1);
    }

    private static boolean areProbabilities(Tensor logits) {
        float[] values = Tensors.toFloats(logits);
        int classes = Math.toIntExact(logits.size(1));
        for (int i = 0; i < values.length; i += classes) {
            double sum = 0;
            for (int k = i; k < i + classes; k++) {
                if (values[k] < -PROBABILITY_ROUNDING || values[k] > 1 + PROBABILITY_ROUNDING) {
                    return false;
                }
                sum += values[k];
            }
            if (Math.abs(sum - 1) > PROBABILITY_ROUNDING) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the forward pass needs gradients of its own. In inference mode libtorch grants none, so such a classifier fails
     * or answers otherwise.
     */
    private boolean takesGradients(Tensor images, Tensor expected) {
        Classifier target = runner.target();
        try (var _ = new InferenceMode()) {
            Tensor logits = target.logits(images.clone());
            return Tensors.toDoubles(lengths(normalised(logits).sub(normalised(expected)))
                            .max())[0]
                    > LARGEST_DIFFERENCE;
        } catch (RuntimeException e) {
            return Objects.requireNonNullElse(e.getMessage(), "")
                    .toLowerCase(Locale.ROOT)
                    .contains("grad");
        }
    }

    /** Flags gradients of the classifier's own along which the logit of the label does not fall, whatever the step. */
    private void lookAtGradients(Tensor images, int... labels) {
        GradientPath path = runner.gradients();
        Classifier searched = runner.searched();
        if (path == null || !path.answersFor(searched)) {
            return;
        }
        Vicinity answers = searched.around(images);
        int[] rows = IntStream.range(0, labels.length).toArray();
        Tensor truth = Tensors.of(labels).unsqueeze(1);
        LogitsLoss loss = (logits, _) -> logits.gather(1, truth).squeeze(1).neg();
        LossGradient start = Autograd.gradients(
                        images,
                        rows,
                        List.of(loss.on(Signal.LOGITS)),
                        leaf -> new Signals(leaf).with(Signal.LOGITS, at -> answers.logits(at.points(), rows)))
                .each()
                .getFirst();
        Tensor direction = suite.budget().norm().steepestStep(start.gradient());
        Bounds bounds = searched.bounds();
        Tensor stuck = torch.ones_like(start.losses());
        for (double share : STEPS) {
            Tensor moved = images.add(
                            direction.mul(new Scalar(share * suite.budget().epsilon())))
                    .clamp(new ScalarOptional(new Scalar(bounds.min())), new ScalarOptional(new Scalar(bounds.max())));
            Tensor reached = loss.of(answers.logits(moved, rows));
            stuck = stuck.mul(reached.le(start.losses()));
        }
        double share = Tensors.toDoubles(stuck.mean())[0];
        if (share >= SUSPICIOUS_SHARE) {
            add(
                    HealthFlag.Kind.USELESS_GRADIENTS,
                    String.format(
                            Locale.ROOT,
                            "steps along the gradients do not raise the loss of %.0f %% of the images; gradients are"
                                    + " hidden, so trust attacks without them",
                            100 * share));
        }
    }

    /** Whether there are classes enough for an attack; flags it if not. */
    boolean isFeasible(Attack attack) {
        int classes = runner.target().classes();
        int targets = switch (attack) {
            case Apgd apgd when apgd.objective().aimed() -> apgd.settings().targets();
            case Fab fab when fab.targeted() -> fab.settings().targets();
            default -> 0;
        };
        int depth = runner.criterion().depth();
        int least = depth + 1;
        if (attack instanceof Apgd apgd && apgd.objective() instanceof LogitsObjective of) {
            least += of.equals(Objectives.TARGETED_LOGITS_RATIO) ? 2 : of.equals(Objectives.LOGITS_RATIO) ? 1 : 0;
        }
        if (classes < least) {
            add(
                    HealthFlag.Kind.FEW_CLASSES,
                    "%s needs at least %s classes, but the model has %s; it was left out"
                            .formatted(attack.name(), least, classes));
            return false;
        }
        if (targets > classes - 1) {
            add(
                    HealthFlag.Kind.FEW_CLASSES,
                    "%s would aim at %s wrong classes, but the model has only %s; it aimed at these"
                            .formatted(attack.name(), targets, classes - 1));
        }
        return true;
    }

    /** Looks at what the attacks achieved. */
    void after(List<SuiteResult.Stage> stages) {
        double withGradients = 1;
        for (SuiteResult.Stage stage : stages) {
            AttackResult result = stage.result();
            // Where a softmax saturates, the cross-entropy has zero gradients honestly; a few of them mean nothing.
            boolean suspicious = stage.attack().equals("apgd-ce") ? result.masked() : result.zeroGradientShare() > 0;
            if (suspicious) {
                add(
                        HealthFlag.Kind.ZERO_GRADIENTS,
                        String.format(
                                Locale.ROOT,
                                "%.2f %% of the gradients of %s were zero or negligible; gradients are hidden, so"
                                        + " trust attacks without them",
                                100 * result.zeroGradientShare(),
                                stage.attack()));
            }
            if (stage.attack().equals("square") && withGradients - stage.robustAccuracy() > SUSPICIOUS_GAIN) {
                add(
                        HealthFlag.Kind.GRADIENT_FREE_STRONGER,
                        String.format(
                                Locale.ROOT,
                                "square lowered the robust accuracy by %.2f points after the attacks with gradients;"
                                        + " run it longer, and use attacks that know the defence",
                                100 * (withGradients - stage.robustAccuracy())));
            }
            withGradients = Math.min(withGradients, stage.robustAccuracy());
        }
    }

    private void add(HealthFlag.Kind kind, String message) {
        flags.add(new HealthFlag(kind, message));
    }
}
