package dev.racnn.experiment;

import dev.racnn.Part;
import dev.racnn.Progress;
import dev.racnn.data.Bundled;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.data.Preprocessing;
import dev.racnn.data.Subset;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.racnn.Bundle;
import dev.racnn.tensor.Precision;
import dev.racnn.training.Training;
import dev.racnn.training.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The trained models of the repository on a few images of CIFAR-10, with 400 candidates: a plain network, and one RaCNN with two
 * numbers of neighbours.
 */
final class TinyExperiment {
    private static final String TEXT = """
        title: A few images
        seed: 5
        gallery: 1
        models:
          Baseline: {bundle: models/cifar10-baseline}
          RaCNN-K3: {bundle: models/cifar10-racnn-k10-mixup, neighbours: 3}
          RaCNN-K5: {bundle: models/cifar10-racnn-k10-mixup, neighbours: 5}
        attacks:
          - {attack: fgsm, set: {epsilons: 10}, images: 4, batch: 1, scenarios: [1, 2a, 2b], msd: [1e-2, 4e-2]}
          - {attack: boundary, set: {iterations: 1, starts: 5}, images: 2, batch: 1, scenarios: [1, 2a, 2b], msd: [1e-2]}
        paper:
          RaCNN-K3: {scenario: 2a, clean: 90, fgsm: [50, 25]}
        """;

    private TinyExperiment() {}

    /**
     * The images: 400 that are the candidates too, and 12 to test on.
     *
     * @param first number of the first test image
     */
    record FewImages(int first) implements DataSource {
        @Override
        public Dataset train() throws IOException {
            return Subset.range(Bundled.train(), 0, 400);
        }

        @Override
        public Dataset test() throws IOException {
            return Subset.range(Bundled.test(), first, 12);
        }

        @Override
        public DataSource preprocessed(Preprocessing preprocessing) {
            return this;
        }

        @Override
        public String toString() {
            return "a few images";
        }
    }

    /** One thread, fp32. */
    static final class OneThread implements ExperimentRun.Machine {
        @Override
        public ExperimentRun.Trainer trainer() {
            return (_, settings, images, bundle, lent) -> lent.train(
                    new Training(settings, images, bundle, "", TrainingListener.SILENT, 1), Files.isDirectory(bundle));
        }

        @Override
        public int threads() {
            return 1;
        }

        @Override
        public Precision precision() {
            return Precision.FP32;
        }

        @Override
        public Map<String, String> environment() {
            return Map.of("threads", "1");
        }
    }

    /** The file, in the folder that {@link #prepare} made. */
    static Experiment experiment(Path home) throws IOException {
        return ExperimentFile.read(home.resolve("few.yaml"));
    }

    /** Makes a folder with the file and copies of the models, the candidate set of the RaCNN included. */
    static void prepare(Path home) throws IOException {
        for (String model : List.of("cifar10-baseline", "cifar10-racnn-k10-mixup")) {
            Path copy = Files.createDirectories(home.resolve("models").resolve(model));
            for (String name : List.of("bundle.json", "settings.yaml", "training-log.jsonl", "weights.safetensors")) {
                Files.copy(Path.of("../models", model, name), copy.resolve(name));
            }
        }
        try (Bundle bundle = Bundle.open(home.resolve("models/cifar10-racnn-k10-mixup"), Precision.FP32)) {
            bundle.buildIndex(new FewImages(0).train(), _ -> {});
        }
        Files.writeString(home.resolve("few.yaml"), TEXT);
    }

    /** Runs a part of it in a folder. */
    static Evaluation run(Path home, Path folder, Part part, int limit, Consumer<Progress> progress)
            throws IOException {
        return run(experiment(home), new FewImages(0), folder, part, limit, progress);
    }

    static Evaluation run(
            Experiment experiment, DataSource data, Path folder, Part part, int limit, Consumer<Progress> progress)
            throws IOException {
        return new ExperimentRun(
                        experiment,
                        data,
                        folder,
                        folder.resolve("models"),
                        part,
                        limit,
                        "./racnn experiment",
                        new OneThread(),
                        progress)
                .run(_ -> {});
    }

    /** An evaluation without what no two runs have in common: dates and durations. */
    static Evaluation timeless(Evaluation evaluation) {
        List<ModelEvaluation> models = new ArrayList<>();
        for (ModelEvaluation model : evaluation.models()) {
            List<AttackEvaluation> attacks = model.attacks().stream()
                    .map(attack -> new AttackEvaluation(
                            attack.attack(),
                            attack.scenario(),
                            attack.gradientPath(),
                            attack.criterion(),
                            attack.settings(),
                            attack.budget(),
                            attack.thresholds(),
                            attack.examples(),
                            attack.zeroGradientShare(),
                            attack.masked(),
                            attack.neverAttacked(),
                            attack.stages(),
                            attack.flags(),
                            attack.remarks(),
                            0,
                            attack.neighbours()))
                    .toList();
            models.add(new ModelEvaluation(
                    model.name(),
                    model.formula(),
                    model.clean(),
                    model.configuration(),
                    List.of(),
                    model.retrieval(),
                    attacks,
                    model.gallery()));
        }
        return new Evaluation(
                evaluation.format(),
                evaluation.title(),
                evaluation.version(),
                "",
                "",
                evaluation.complete(),
                evaluation.data(),
                evaluation.classNames(),
                evaluation.imageHeight(),
                evaluation.imageWidth(),
                evaluation.testImages(),
                evaluation.sample(),
                evaluation.attacked(),
                evaluation.suite(),
                evaluation.seed(),
                Map.of(),
                models,
                evaluation.published());
    }

    /** Arguments: the folder of the file, and that of the results. Says a line for every step, so that it can be killed after some. */
    @SuppressWarnings("SystemOut") // the other process reads what was done
    public static void main(String[] arguments) throws IOException {
        run(
                Path.of(arguments[0]),
                Path.of(arguments[1]),
                Part.WHOLE,
                Integer.MAX_VALUE,
                step -> System.out.println(step.stage()));
        System.out.println("finished");
    }
}
