package dev.racnn.attack;

import dev.racnn.Progress;
import dev.racnn.model.Classifier;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Seed;
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
import org.jspecify.annotations.Nullable;

/**
 * Runs attacks on a classifier, batch by batch, and vouches for the results: images that already meet the criterion are
 * not attacked and have distance 0, and images of the class that they are to be taken for are not attacked and withstand;
 * every point that an attack found is looked at again, for bounds, ball and criterion, on a fresh forward pass; an example for which nothing was found is a failed attack, never an error.
 *
 * <p>Results depend on the seed but not, up to floating-point noise, on the batch size. Precision and threads are the
 * caller's. Where the classifier says that it answers at random, most of nine fresh answers decide about each point.
 *
 * <p>A long file, because all that a result promises is kept here and nowhere else.
 *
 * @param target the attacked classifier as it is served: what it takes unperturbed images for, and whether a point holds
 * @param searched the classifier that attacks ask on their way; the same, or the same at a higher precision
 * @param gradients where attacks take gradients from; null if there are none to be had
 * @param criterion what counts as a success
 * @param settings batches, seed, votes, what is kept
 * @param progress hears how many images are done, counting unfinished batches in proportion; of one image alone, how many steps
 * @param journal keeps finished examples for a later run; null to keep nothing
 */
public record AttackRunner(
        Classifier target,
        Classifier searched,
        @Nullable GradientPath gradients,
        Criterion criterion,
        RunSettings settings,
        Consumer<Progress> progress,
        @Nullable JournalPlace journal) {
    /** An attack says nothing before its batch is done, so this is what an interruption of a journalled run costs at most. */
    private static final int JOURNALLED_BATCH = 16;

    /** How many answers decide about a point of a classifier that answers at random, unless somebody says how many. */
    public static final int VOTES_AT_RANDOM = 9;

    /** Attacks with gradients through the classifier itself, if it has any, until it misclassifies; batches of 64, seed 0. */
    public AttackRunner(Classifier target) {
        this(
                target,
                target,
                target.differentiable() ? GradientPath.through(target, "autograd") : null,
                Criterion.misclassified(),
                RunSettings.DEFAULT,
                Progress.UNHEARD,
                null);
    }

    /** The same with other gradients: those of a surrogate, or of a construction that knows the defence. */
    public AttackRunner withGradients(@Nullable GradientPath path) {
        return new AttackRunner(target, searched, path, criterion, settings, progress, journal);
    }

    /**
     * The same with attacks that ask another classifier on their way, such as the attacked one in float32: coarse numbers are flat
     * to what looks for small differences. Unperturbed images and the points that come out are judged by the attacked one.
     */
    public AttackRunner withSearched(Classifier other) {
        return new AttackRunner(target, other, gradients, criterion, settings, progress, journal);
    }

    /** The same with another criterion. */
    public AttackRunner withCriterion(Criterion other) {
        return new AttackRunner(target, searched, gradients, other, settings, progress, journal);
    }

    /** The same with another batch size. */
    public AttackRunner withBatchSize(int size) {
        return with(new RunSettings(size, settings.seed(), settings.votes(), settings.keep()));
    }

    /** The same with another seed. */
    public AttackRunner withSeed(long other) {
        return with(new RunSettings(settings.batchSize(), other, settings.votes(), settings.keep()));
    }

    /** The same with so many answers to decide about a point, for a classifier that answers at random. */
    public AttackRunner withVotes(int count) {
        return with(new RunSettings(settings.batchSize(), settings.seed(), count, settings.keep()));
    }

    /** The same with another kind of point that comes out. */
    public AttackRunner withKeep(Keep other) {
        return with(new RunSettings(settings.batchSize(), settings.seed(), settings.votes(), other));
    }

    private AttackRunner with(RunSettings other) {
        return new AttackRunner(target, searched, gradients, criterion, other, progress, journal);
    }

    /** The same, telling how far it is. */
    public AttackRunner withProgress(Consumer<Progress> listener) {
        return new AttackRunner(target, searched, gradients, criterion, settings, listener, journal);
    }

    /**
     * The same, keeping every finished batch as JSON lines in a file; so that an interruption costs little, batches are then of
     * 16 examples at most. If the file holds results of the same attack on the same subject, with the same settings, norm,
     * criterion and seed, they are taken over and only the other examples are attacked.
     *
     * @param place null to keep nothing
     */
    public AttackRunner withJournal(@Nullable JournalPlace place) {
        return new AttackRunner(target, searched, gradients, criterion, settings, progress, place);
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
        if (settings.votes() == 1 && !target.deterministic(examples.size())) {
            return withVotes(VOTES_AT_RANDOM).run(attack, examples);
        }
        Map<Integer, Outcome> finished = new TreeMap<>();
        try (Journal record =
                journal == null ? null : Journal.open(journal.file(), heading(attack), criterion, examples)) {
            if (record != null) {
                record.finished().forEach(outcome -> finished.put(outcome.index(), outcome));
            }
            int[] open = IntStream.range(0, examples.count())
                    .filter(i -> !finished.containsKey(examples.indices()[i]))
                    .toArray();
            int together = journal == null ? settings.batchSize() : journalled(settings.batchSize());
            for (int from = 0; from < open.length; from += together) {
                int to = Math.min(open.length, from + together);
                long before = (long) examples.count() - open.length + from;
                int size = to - from;
                // An attack counts steps; a listener hears of images, the last of them only when their batch is on
                // record. Of one image alone there are no parts.
                Consumer<Progress> within = steps -> progress.accept(
                        examples.count() == 1
                                ? new Progress(attack.name(), steps.done(), steps.total(), steps.unit(), "")
                                : Progress.images(
                                        attack.name(),
                                        before + Math.min(size - 1, size * steps.done() / steps.total()),
                                        examples.count()));
                List<Outcome> outcomes =
                        batch(attack, examples.at(Arrays.copyOfRange(open, from, to)), examples, within);
                outcomes.forEach(outcome -> finished.put(outcome.index(), outcome));
                if (record != null) {
                    record.add(outcomes);
                }
                progress.accept(Progress.images(attack.name(), examples.count() - open.length + to, examples.count()));
            }
        }
        return new AttackResult(
                attack.name(),
                attack.settings(),
                attack.threatModel(),
                criterion.name(),
                gradients == null || !attack.needsGradients() ? "" : gradients.name(),
                settings.seed(),
                examples.size(),
                target.bounds(),
                IntStream.of(examples.indices())
                        .mapToObj(index -> Objects.requireNonNull(finished.get(index)))
                        .toList());
    }

    /** How many images an attack that keeps a journal takes at a time when it is asked to take so many. */
    public static int journalled(int batch) {
        return Math.min(batch, Device.current().batch(JOURNALLED_BATCH));
    }

    private List<Outcome> batch(Attack attack, Examples examples, Examples run, Consumer<Progress> within) {
        // A model that answers at random draws from libtorch.
        new Seed(settings.seed()).derive("model").derive(examples.indices()[0]).use();
        try (var _ = Scope.open()) {
            Votes.Verdict[] clean = votes(target).verdicts(examples);
            int[] attacked = IntStream.range(0, examples.count())
                    .filter(i -> !clean[i].adversarial() && !isOfItsTarget(examples, i))
                    .toArray();
            AttackBatch batch = new AttackBatch(
                    examples.at(attacked), run, criterion, target.bounds(), target.classes(), settings.seed(), within);
            Map<Integer, Outcome> found = attacked.length == 0 ? Map.of() : attack(attack, batch);
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < examples.count(); i++) {
                Outcome outcome = found.getOrDefault(examples.indices()[i], notAttacked(examples, i, clean[i]));
                outcomes.add(outcome.withPrediction(clean[i].prediction()));
            }
            return outcomes;
        }
    }

    /** Attacks all examples of a batch, and looks at what came out; outcomes by the index of the example. */
    private Map<Integer, Outcome> attack(Attack attack, AttackBatch batch) {
        try (ScoredModel model =
                new ScoredModel(votes(searched).around(batch), gradients, batch, attack, settings.keep())) {
            attack.run(batch, model);
            int[] dropped = new Confirmation(votes(target).around(batch), batch, model).run();
            Map<Integer, Outcome> outcomes = new TreeMap<>();
            for (int row : batch.rows()) {
                outcomes.put(batch.index(row), outcome(batch, model, row, dropped[row]));
            }
            return outcomes;
        }
    }

    private Votes votes(Classifier classifier) {
        return Votes.of(classifier, criterion, settings.votes());
    }

    /** An image of the class that it is to be taken for: there is nothing wrong to look for. */
    private boolean isOfItsTarget(Examples examples, int i) {
        int label = examples.labels()[i];
        return criterion.target(label, examples.indices()[i]).equals(OptionalInt.of(label));
    }

    private Outcome notAttacked(Examples examples, int i, Votes.Verdict clean) {
        double distance = clean.adversarial() ? 0 : Double.POSITIVE_INFINITY;
        return new Outcome(
                examples.indices()[i],
                examples.labels()[i],
                clean.prediction(),
                clean.adversarial(),
                distance,
                distance,
                distance,
                distance,
                distance,
                settings.votes(),
                0,
                0,
                0,
                clean.adversarial() ? examples.images()[i] : null);
    }

    private Outcome outcome(AttackBatch batch, ScoredModel model, int row, int dropped) {
        Scoreboard.Entry best = model.scoreboard(row).best();
        float @Nullable [] point = best == null ? null : best.point();
        return new Outcome(
                batch.index(row),
                batch.label(row),
                batch.label(row),
                point != null,
                distance(Distance.MSD, batch, row, point),
                distance(Distance.L0, batch, row, point),
                distance(Distance.L1, batch, row, point),
                distance(Distance.L2, batch, row, point),
                distance(Distance.LINF, batch, row, point),
                model.forwardQueries(row) + settings.votes(),
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
        return "%s %s, %s, %s, seed %s, gradients %s%s%s%s"
                .formatted(
                        attack.name(),
                        whole(attack),
                        attack.threatModel().map(ThreatModel::toString).orElse("no budget"),
                        criterion.identity(),
                        settings.seed(),
                        gradients == null ? "none" : gradients.name(),
                        settings.votes() == 1 ? "" : ", %s votes".formatted(settings.votes()),
                        settings.keep() == Keep.NEAREST ? "" : ", keeping the " + settings.keep(),
                        subject);
    }

    /** All that is known of an attack: the components of a record, or what another class says about itself. */
    private static String whole(Attack attack) {
        return attack instanceof Record ? attack.toString() : attack.settings() + " in " + attack.distance();
    }
}
