package dev.racnn.training;

import dev.racnn.Progress;
import dev.racnn.data.Augmentation;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Seed;
import dev.racnn.tensor.Tensors;
import dev.racnn.training.TrainingSettings.Optimisation;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;

/**
 * The one loop of every training: shuffle, augment, step, log, checkpoint at the end of each epoch.
 *
 * <p>All randomness follows from (seed, epoch, step), so that a run that continues from a checkpoint repeats what an
 * uninterrupted one would have done.
 */
final class TrainingLoop {
    private static final double SECONDS_BETWEEN_REPORTS = 2;
    /** Up to so many classes five guesses say little. */
    private static final int FEW_CLASSES = 10;

    private final Stage stage;
    private final Objective objective;
    private final Optimisation settings;
    private final Seed seed;
    private final TrainingRun run;
    private final double later;
    private long begin;
    private int firstEpoch;

    /** @param later what later stages will cost, in images of this one */
    TrainingLoop(Stage stage, Objective objective, TrainingSettings settings, TrainingRun run, double later) {
        this.stage = stage;
        this.objective = objective;
        this.settings = stage.of(settings);
        this.seed = new Seed(settings.seed()).derive(stage.toString());
        this.run = run;
        this.later = later;
    }

    /** Trains to the end, from the checkpoint of this stage if the run has one. */
    void train(Dataset data, Dataset test) throws IOException {
        int batch = Math.min(settings.batch(), data.size());
        int steps = data.size() / batch;
        OneCycle schedule = new OneCycle(settings.learningRate(), settings.warmup(), (long) steps * settings.epochs());
        try (Adam adam = new Adam(objective.groups(), settings.weightDecay())) {
            Device.expectSameShapes(true);
            firstEpoch = run.restore(stage, objective, adam);
            begin = System.nanoTime();
            for (int epoch = firstEpoch; epoch < settings.epochs(); epoch++) {
                EpochRecord record = epoch(data, test, epoch, batch, steps, schedule, adam);
                run.finishEpoch(record, objective, adam);
            }
        } finally {
            Device.expectSameShapes(false);
        }
    }

    private EpochRecord epoch(
            Dataset data, Dataset test, int epoch, int batchSize, int steps, OneCycle schedule, Adam adam) {
        long start = System.nanoTime();
        objective.beginEpoch();
        int[] order = shuffled(data.size(), epoch);
        Augmentation augmentation =
                Augmentation.cropAndMirror(seed.derive("augmentation").value(), data.imageSize());
        Mean loss = new Mean();
        Map<String, Mean> extras = new LinkedHashMap<>();
        long correct = 0;
        long trainingStart = System.nanoTime();
        double lastReport = 0;
        for (int i = 0; i < steps; i++) {
            long step = (long) epoch * steps + i;
            double rate = schedule.rate(step);
            int end = (i + 1) * batchSize;
            int[] indices = Arrays.copyOfRange(order, i * batchSize, end);
            try (var _ = Scope.open()) {
                Batch batch = batch(data, indices, augmentation, epoch);
                if (objective.looksAtImages()) {
                    data.prefetch(Arrays.copyOfRange(order, end, Math.min(end + batchSize, steps * batchSize)));
                }
                Objective.Outcome outcome = objective.step(batch, epoch, step, l -> descend(l, adam, step, rate));
                loss.add(outcome.loss());
                correct += outcome.correct();
                outcome.extras()
                        .forEach((name, value) ->
                                extras.computeIfAbsent(name, _ -> new Mean()).add(value));
            }
            double seconds = seconds(trainingStart);
            long images = (long) (i + 1) * batchSize;
            if (seconds - lastReport >= SECONDS_BETWEEN_REPORTS || i == steps - 1) {
                lastReport = seconds;
                long total = (long) steps * batchSize;
                // The pace counts what lies between the epochs, which the speed does not.
                double pace = (total * (epoch - firstEpoch) + images) / seconds(begin);
                double left = total * (settings.epochs() - epoch) - images + later;
                String detail = String.format(
                        Locale.ROOT,
                        "loss %.3f  accuracy %.1f %%  %.0f images/s",
                        loss.value(),
                        100.0 * correct / images,
                        images / seconds);
                String name = "%s epoch %s/%s".formatted(stage, epoch + 1, settings.epochs());
                run.listener().progress(new Progress(name, images, total, "images", detail), left / pace);
            }
        }
        double speed = (double) steps * batchSize / seconds(trainingStart);
        Accuracy accuracy = objective.accuracy(test);
        Map<String, Double> means = new LinkedHashMap<>();
        extras.forEach((name, mean) -> means.put(name, mean.value()));
        if (test.classNames().size() > FEW_CLASSES) {
            means.put("accuracyAt5", accuracy.top5());
        }
        long last = (long) (epoch + 1) * steps;
        return new EpochRecord(
                stage.toString(),
                epoch + 1,
                adam.steps(),
                loss.value(),
                (double) correct / ((long) steps * batchSize),
                accuracy.top1(),
                schedule.rate(last - 1),
                speed,
                seconds(start),
                means);
    }

    private Batch batch(Dataset data, int[] indices, Augmentation augmentation, int epoch) {
        if (!objective.looksAtImages()) {
            return Batch.named(data, indices);
        }
        return settings.augment() ? Batch.augmented(data, indices, augmentation, epoch) : Batch.of(data, indices);
    }

    private double descend(Tensor loss, Adam adam, long step, double rate) {
        double value = Tensors.toDoubles(loss)[0];
        if (!Double.isFinite(value)) {
            throw new DivergedException(stage, step, rate, value);
        }
        adam.clearGradients();
        loss.backward();
        adam.step(rate);
        return value;
    }

    private int[] shuffled(int size, int epoch) {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = seed.derive("order").derive(epoch).random();
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static final class Mean {
        private double sum;
        private long count;

        void add(double value) {
            sum += value;
            count++;
        }

        double value() {
            return sum / count;
        }
    }
}
