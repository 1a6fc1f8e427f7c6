package dev.racnn.attack;

import dev.racnn.Progress;
import dev.racnn.model.Classifier;
import dev.racnn.tensor.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Runs attacks on a classifier, batch by batch, and vouches for the results: images that already meet the criterion are
 * not attacked and have distance 0, and images of the class that they are to be taken for are not attacked and withstand;
 * every point that an attack found is looked at again, for bounds, ball and criterion, on a fresh forward pass; an example for which nothing was found is a failed attack, never an error.
 *
 * <p>Results depend on the seed but not, up to floating-point noise, on the batch size. Precision and threads are the
 * caller's.
 *
 * @param target the attacked classifier, which makes all decisions
 * @param gradients where attacks take gradients from; null if there are none to be had
 * @param criterion what counts as a success
 * @param batchSize how many examples are attacked together at most, at least 1
 * @param seed of all random numbers
 * @param progress hears how many images are done, counting unfinished batches in proportion
 * @param journal keeps finished examples for a later run; null to keep nothing
 */
public record AttackRunner(
        Classifier target,
        @Nullable GradientPath gradients,
        Criterion criterion,
        int batchSize,
        long seed,
        Consumer<Progress> progress,
        @Nullable JournalPlace journal) {
    private static final int DEFAULT_BATCH = 64;

    /** An attack says nothing before its batch is done, so this is what an interruption of a journalled run costs at most. */
    private static final int JOURNALLED_BATCH = 16;

    public AttackRunner {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize must be at least 1, but is " + batchSize);
        }
    }

    /** Attacks with gradients through the classifier itself, if it has any, until it misclassifies; batches of 64, seed 0. */
    public AttackRunner(Classifier target) {
        this(
                target,
                target.differentiable() ? GradientPath.through(target, "autograd") : null,
                Criterion.misclassified(),
                DEFAULT_BATCH,
                0,
                Progress.UNHEARD,
                null);
    }

    /** The same with other gradients: those of a surrogate, or of a construction that knows the defence. */
    public AttackRunner withGradients(GradientPath path) {
        return new AttackRunner(target, path, criterion, batchSize, seed, progress, journal);
    }

    /** The same with another criterion. */
    public AttackRunner withCriterion(Criterion other) {
        return new AttackRunner(target, gradients, other, batchSize, seed, progress, journal);
    }

    /** The same with another batch size. */
    public AttackRunner withBatchSize(int size) {
        return new AttackRunner(target, gradients, criterion, size, seed, progress, journal);
    }

    /** The same with another seed. */
    public AttackRunner withSeed(long other) {
        return new AttackRunner(target, gradients, criterion, batchSize, other, progress, journal);
    }

    /** The same, telling how far it is. */
    public AttackRunner withProgress(Consumer<Progress> listener) {
        return new AttackRunner(target, gradients, criterion, batchSize, seed, listener, journal);
    }

    /**
     * The same, keeping every finished batch as JSON lines in a file; so that an interruption costs little, batches are then of
     * 16 examples at most. If the file holds results of the same attack on the same subject, with the same settings, norm,
     * criterion and seed, they are taken over and only the other examples are attacked.
     *
     * @param place null to keep nothing
     */
    public AttackRunner withJournal(@Nullable JournalPlace place) {
        return new AttackRunner(target, gradients, criterion, batchSize, seed, progress, place);
    }

    /**
     * Attacks examples.
     *
     * @throws IllegalArgumentException if the attack needs gradients and there are none, if a label or target is not a class
     *     of the classifier, if some examples have targets and others none, if a pixel lies outside the bounds, or if the journal is of another attack
     * @throws IllegalStateException if the classifier returns NaN, or another number of classes than it says
     * @throws IOException if the journal cannot be read or written
     */
    public AttackResult run(Attack attack, Examples examples) throws IOException {
        check(attack, examples);
        Map<Integer, Outcome> finished = new TreeMap<>();
        try (Journal record = Journal.open(journal == null ? null : journal.file(), heading(attack), criterion)) {
            for (Outcome outcome : record.finished()) {
                finished.put(outcome.index(), outcome);
            }
            int[] open = IntStream.range(0, examples.count())
                    .filter(i -> !finished.containsKey(examples.indices()[i]))
                    .toArray();
            int together = journal == null ? batchSize : Math.min(batchSize, JOURNALLED_BATCH);
            for (int from = 0; from < open.length; from += together) {
                int to = Math.min(open.length, from + together);
                long before = (long) examples.count() - open.length + from;
                int size = to - from;
                // An attack counts steps; a listener hears of images, the last of them only when their batch is on
                // record.
                Consumer<Progress> within = steps -> progress.accept(Progress.images(
                        attack.name(),
                        before + Math.min(size - 1, size * steps.done() / steps.total()),
                        examples.count()));
                List<Outcome> outcomes =
                        batch(attack, examples.at(Arrays.copyOfRange(open, from, to)), examples, within);
                outcomes.forEach(outcome -> finished.put(outcome.index(), outcome));
                record.add(outcomes);
                progress.accept(Progress.images(attack.name(), examples.count() - open.length + to, examples.count()));
            }
        }
        return new AttackResult(
                attack.name(),
                attack.settings(),
                attack.threatModel(),
                criterion.name(),
                gradients == null || !attack.needsGradients() ? "" : gradients.name(),
                seed,
                examples.size(),
                target.bounds(),
                IntStream.of(examples.indices())
                        .mapToObj(index -> Objects.requireNonNull(finished.get(index)))
                        .toList());
    }

    private List<Outcome> batch(Attack attack, Examples examples, Examples run, Consumer<Progress> within) {
        try (var _ = Scope.open()) {
            float[][] clean = cleanLogits(examples);
            int[] attacked = IntStream.range(0, examples.count())
                    .filter(i -> !isAdversarial(examples, i, clean[i]) && !isOfItsTarget(examples, i))
                    .toArray();
            AttackBatch batch = new AttackBatch(
                    examples.at(attacked), run, criterion, target.bounds(), target.classes(), seed, within);
            ScoredModel model = new ScoredModel(target, gradients, batch, criterion, attack);
            if (attacked.length > 0) {
                attack.run(batch, model);
            }
            int[] dropped = new Confirmation(target, criterion).confirm(batch, model);
            List<Outcome> outcomes = new ArrayList<>();
            int row = 0;
            for (int i = 0; i < examples.count(); i++) {
                int prediction = Decisions.argmax(clean[i]);
                if (row < attacked.length && attacked[row] == i) {
                    outcomes.add(outcome(batch, model, row, prediction, dropped[row]));
                    row++;
                } else {
                    outcomes.add(notAttacked(examples, i, prediction, isAdversarial(examples, i, clean[i])));
                }
            }
            return outcomes;
        }
    }

    private float[][] cleanLogits(Examples examples) {
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor logits = target.logits(Examples.tensor(examples.size(), examples.images()));
            return Logits.checked(logits, target.classes(), i -> examples.indices()[i], examples.count());
        }
    }

    private boolean isAdversarial(Examples examples, int i, float[] logits) {
        return criterion.isAdversarial(logits, examples.labels()[i], examples.indices()[i]);
    }

    /** An image of the class that it is to be taken for: there is nothing wrong to look for. */
    private boolean isOfItsTarget(Examples examples, int i) {
        int label = examples.labels()[i];
        return criterion.target(label, examples.indices()[i]).equals(OptionalInt.of(label));
    }

    private static Outcome notAttacked(Examples examples, int i, int prediction, boolean adversarial) {
        int index = examples.indices()[i];
        int label = examples.labels()[i];
        double distance = adversarial ? 0 : Double.POSITIVE_INFINITY;
        float @Nullable [] point = adversarial ? examples.images()[i] : null;
        return new Outcome(
                index, label, prediction, adversarial, distance, distance, distance, distance, 1, 0, 0, 0, point);
    }

    private static Outcome outcome(AttackBatch batch, ScoredModel model, int row, int prediction, int dropped) {
        Scoreboard.Entry best = model.scoreboard(row).best();
        float @Nullable [] point = best == null ? null : best.point();
        return new Outcome(
                batch.index(row),
                batch.label(row),
                prediction,
                point != null,
                distance(Distance.MSD, batch, row, point),
                distance(Distance.L1, batch, row, point),
                distance(Distance.L2, batch, row, point),
                distance(Distance.LINF, batch, row, point),
                model.forwardQueries(row) + 1,
                model.gradientQueries(row),
                model.zeroGradients(row),
                dropped,
                point);
    }

    private static double distance(Distance distance, AttackBatch batch, int row, float @Nullable [] point) {
        return point == null ? Double.POSITIVE_INFINITY : distance.between(batch.original(row), point, batch.bounds());
    }

    private void check(Attack attack, Examples examples) {
        if (attack.needsGradients() && gradients == null) {
            throw new IllegalArgumentException("attack '" + attack.name()
                    + "' needs gradients, but the classifier has none; use a decision-based attack such as boundary,"
                    + " or give a surrogate");
        }
        checkTargets(examples);
        for (int i = 0; i < examples.count(); i++) {
            if (examples.labels()[i] < 0 || examples.labels()[i] >= target.classes()) {
                throw new IllegalArgumentException(
                        "label of example %s must be one of the model's %s classes, but is %s; does the model belong to another data set?"
                                .formatted(examples.indices()[i], target.classes(), examples.labels()[i]));
            }
            OptionalDouble outside = Confirmation.firstOutside(target.bounds(), examples.images()[i]);
            if (outside.isPresent()) {
                throw new IllegalArgumentException(
                        "pixels of example %s must be within [%s, %s], but one is %s; scale the images, or give the model's own bounds"
                                .formatted(
                                        examples.indices()[i],
                                        target.bounds().min(),
                                        target.bounds().max(),
                                        (float) outside.getAsDouble()));
            }
        }
    }

    /** Attacks aim either at targets or away from labels, with all examples of a batch. */
    private void checkTargets(Examples examples) {
        int[] labels = examples.labels();
        int[] indices = examples.indices();
        for (int i = 0; i < examples.count(); i++) {
            OptionalInt target = criterion.target(labels[i], indices[i]);
            if (target.isPresent() != criterion.target(labels[0], indices[0]).isPresent()) {
                throw new IllegalArgumentException(
                        "criterion '%s' must name a target for all examples or for none, but examples %s and %s differ; attack those with a target in a run of their own"
                                .formatted(criterion.name(), indices[0], indices[i]));
            }
            if (target.isPresent() && (target.getAsInt() < 0 || target.getAsInt() >= this.target.classes())) {
                throw new IllegalArgumentException("target of example %s must be a class from 0 to %s, but is %s"
                        .formatted(indices[i], this.target.classes() - 1, target.getAsInt()));
            }
        }
    }

    /** What a journal must agree on with a run. */
    String heading(Attack attack) {
        String subject = journal == null || journal.subject().isEmpty() ? "" : ", on " + journal.subject();
        return "%s %s, %s, %s, seed %s, gradients %s%s"
                .formatted(
                        attack.name(),
                        whole(attack),
                        attack.threatModel().map(ThreatModel::toString).orElse("no budget"),
                        criterion.identity(),
                        seed,
                        gradients == null ? "none" : gradients.name(),
                        subject);
    }

    /** All that is known of an attack: the components of a record, or what another class says about itself. */
    private static String whole(Attack attack) {
        return attack instanceof Record ? attack.toString() : attack.settings() + " in " + attack.objective();
    }
}
