package dev.racnn.experiment;

import dev.racnn.Part;
import dev.racnn.Progress;
import dev.racnn.attack.AttackSequence;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.data.DisjointHalves;
import dev.racnn.data.Fingerprint;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.Sample;
import dev.racnn.evaluation.Subject;
import dev.racnn.files.FileHold;
import dev.racnn.racnn.Bundle;
import dev.racnn.tensor.Precision;
import dev.racnn.training.TrainingData;
import dev.racnn.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs an experiment: trains what is missing, computes candidate sets, attacks cell by cell, and puts the evaluation together.
 * Started again in the same folder, it goes on with the first cell that is not finished.
 *
 * @param experiment what is asked
 * @param data the images
 * @param folder where results go
 * @param models where models are trained; several processes may share it
 * @param part the share of this process
 * @param limit the most images to attack with any attack
 * @param command that repeats the experiment, for reports
 * @param machine what computes
 * @param progress hears of every step, with the time left over all cells
 */
public record ExperimentRun(
        Experiment experiment,
        DataSource data,
        Path folder,
        Path models,
        Part part,
        int limit,
        String command,
        Machine machine,
        Consumer<Progress> progress) {
    private static final String LOCK = "lock";
    private static final double SECONDS_BETWEEN_EVALUATIONS = 60;

    /** What a run computes with. */
    public interface Machine {
        /** Trains models. */
        Trainer trainer();

        /** Threads that search neighbours. */
        int threads();

        /** The precision of all models; null for that which each was trained in. */
        @Nullable
        Precision precision();

        /** Processor, threads, arithmetic and the like, by name, for reports. */
        Map<String, String> environment();

        /** Opens a bundle in the precision of this machine. */
        default Bundle open(Path bundle) throws IOException {
            Precision precision = precision();
            return precision == null ? Bundle.open(bundle) : Bundle.open(bundle, precision);
        }
    }

    /** Trains a model of an experiment, or goes on with what stands in its folder. */
    @FunctionalInterface
    public interface Trainer {
        /**
         * Trains to the end.
         *
         * @param name of the model
         * @param bundle folder to make
         * @param lent what it takes of other models
         */
        void train(String name, TrainingSettings settings, TrainingData images, Path bundle, Lent lent)
                throws IOException;
    }

    /**
     * Runs this part to its end.
     *
     * @param written is given every evaluation that is put together, the last one complete if this part is the whole
     * @return the last one
     * @throws IllegalArgumentException if the folder holds results of something else
     */
    public Evaluation run(Consumer<Evaluation> written) throws IOException {
        Files.createDirectories(folder);
        try (FileHold _ = FileHold.tryTake(folder.resolve(LOCK))
                        .orElseThrow(() -> new IOException(
                                "another run is writing to %s; wait until it is done, or choose another folder"
                                        .formatted(folder)));
                ExperimentModels opened = new ExperimentModels(experiment, machine, source(), models, progress)) {
            opened.prepare();
            Dataset test = opened.test();
            Sample sample = Sample.drawn(experiment.seed()).from(test);
            List<Subject> subjects = opened.open(test);
            ExperimentPlan plan = plan(subjects, test, sample);
            plan.write(folder);
            CellFolder cells = new CellFolder(folder, plan);
            CellRunner runner = new CellRunner(
                    plan,
                    attacks(),
                    subjects.stream().collect(Collectors.toMap(Subject::name, subject -> subject)),
                    test,
                    sample,
                    cells,
                    machine.environment(),
                    progress);
            run(runner, cells, written);
            return evaluate(cells, written);
        }
    }

    private void run(CellRunner runner, CellFolder cells, Consumer<Evaluation> written) throws IOException {
        List<Cell> all = cells.plan().cells(part);
        Forecast forecast = new Forecast();
        List<Cell> open = new ArrayList<>();
        for (Cell cell : all) {
            if (runner.isFinished(cell)) {
                cells.read(cell).ifPresent(result -> forecast.learn(cell, result.seconds()));
            } else {
                open.add(cell);
            }
        }
        long last = System.nanoTime();
        for (int i = 0; i < open.size(); i++) {
            Cell cell = open.get(i);
            // A transfer may have run the attack on its surrogate already.
            if (!runner.isFinished(cell)) {
                CellResult result = runner.run(cell);
                forecast.learn(cell, result.seconds());
            }
            progress.accept(new Progress(
                    "experiment",
                    (long) all.size() - open.size() + i + 1,
                    all.size(),
                    "cells",
                    left(forecast.secondsOf(open.subList(i + 1, open.size())))));
            if ((System.nanoTime() - last) / 1e9 > SECONDS_BETWEEN_EVALUATIONS) {
                evaluate(cells, written);
                last = System.nanoTime();
            }
        }
    }

    private Evaluation evaluate(CellFolder cells, Consumer<Evaluation> written) throws IOException {
        Evaluation evaluation = new Assembly(cells, command).evaluation();
        evaluation.write(folder);
        written.accept(evaluation);
        return evaluation;
    }

    private DataSource source() {
        return experiment.disjointHalves() ? new DisjointHalves(data) : data;
    }

    private Map<String, AttackSequence> attacks() {
        Map<String, AttackSequence> attacks = new LinkedHashMap<>();
        experiment.attacks().forEach(attack -> attacks.put(attack.key(), attack.attack()));
        return attacks;
    }

    private ExperimentPlan plan(List<Subject> subjects, Dataset test, Sample sample) {
        return new ExperimentPlan(
                ExperimentPlan.FORMAT,
                experiment.title(),
                source().toString(),
                Fingerprint.of(test, _ -> {}).sha256(),
                test.size(),
                test.classNames(),
                test.imageSize().height(),
                test.imageSize().width(),
                sample.description(),
                experiment.seed(),
                experiment.top(),
                experiment.gallery(),
                subjects.stream().map(ModelSheet::of).toList(),
                experiment.attacks().stream()
                        .map(attack -> AttackSheet.of(attack.limitedTo(Math.min(limit, test.size()))))
                        .toList(),
                experiment.published());
    }

    /** Time left, for people. */
    static String left(double seconds) {
        if (Double.isNaN(seconds)) {
            return "";
        }
        long minutes = Math.round(seconds / 60);
        return minutes < 60
                ? "%s min left".formatted(minutes)
                : String.format(Locale.ROOT, "%d h %02d min left", minutes / 60, minutes % 60);
    }
}
