package dev.racnn.evaluation;

import dev.racnn.Progress;
import dev.racnn.Version;
import dev.racnn.adaptive.AdaptiveSuite;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Examples;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.JournalPlace;
import dev.racnn.attack.SuiteResult;
import dev.racnn.data.Dataset;
import dev.racnn.data.Fingerprint;
import dev.racnn.files.AtomicFile;
import dev.racnn.tensor.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Attacks models and measures what is left of their accuracy. The folder holds the evaluation so far after every attack, and
 * a journal of every attack after every batch: an interrupted evaluation goes on where it was when it is started again with
 * the same folder, models, suite and seed.
 *
 * @param plan what is measured
 * @param test the test set
 * @param folder where results go
 * @param progress hears of every finished batch of an attack
 */
public record Evaluator(EvaluationPlan plan, Dataset test, Path folder, Consumer<Progress> progress) {
    private static final String JOURNALS = "journals";
    private static final String MODELS = "models.txt";
    private static final int SHOWN_DIGITS = 16;

    /**
     * Evaluates models on the same images.
     *
     * @param subjects in the order of the tables, with different names
     * @throws IllegalArgumentException if the folder holds results of other models, a name is not unique, or a model does
     *     not fit the data
     */
    public Evaluation run(List<Subject> subjects) throws IOException {
        return run(subjects, Fingerprint.of(test, _ -> {}));
    }

    /** The same where the fingerprint of the test set is known, which takes a look at every image. */
    public Evaluation run(List<Subject> subjects, Fingerprint ofTest) throws IOException {
        Sample sample = plan.sample().from(test);
        String testImages = ofTest.sha256();
        check(subjects, sample, testImages);
        int attacked = Math.min(plan.limit(), sample.size());
        List<ModelEvaluation> models = new ArrayList<>();
        for (Subject subject : subjects) {
            models.add(clean(subject));
        }
        Map<String, SuiteResult> surrogates = new HashMap<>();
        for (int i = 0; i < subjects.size(); i++) {
            Subject subject = subjects.get(i);
            Examples examples =
                    sample.examples(test, 0, attacked, subject.classifier().bounds());
            for (Suite.Entry entry : plan.suite().attacks()) {
                for (Scenario scenario : scenarios(subject, entry.attack())) {
                    models.set(i, attacked(models.get(i), subject, subjects, entry, scenario, examples, surrogates));
                    evaluation(models, sample, testImages, attacked, false).write(folder);
                }
            }
        }
        Evaluation evaluation = evaluation(models, sample, testImages, attacked, true);
        evaluation.write(folder);
        return evaluation;
    }

    private ModelEvaluation attacked(
            ModelEvaluation model,
            Subject subject,
            List<Subject> all,
            Suite.Entry entry,
            Scenario scenario,
            Examples examples,
            Map<String, SuiteResult> surrogates)
            throws IOException {
        long begin = System.nanoTime();
        AttackSequence attack = entry.attacks().apply(subject.classifier().bounds());
        SuiteResult result = result(subject, all, attack, scenario, examples, surrogates);
        int neverAttacked = 0;
        if (scenario == Scenario.TRANSFER) {
            AttackResult shown = new Transfer(subject.classifier(), plan.criterion()).of(result.worstCase(), examples);
            neverAttacked = Transfer.neverAttacked(result.worstCase(), shown);
            result = SuiteResult.of(shown);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Retrieval retrieval = subject.retrieval();
        List<GalleryExample> gallery = model.gallery();
        NeighbourShift shift = null;
        if (retrieval != null) {
            Neighbourhoods neighbourhoods = new Neighbourhoods(retrieval);
            shift = neighbourhoods.shift(result.worstCase(), examples);
            if (gallery.isEmpty() && scenario == Scenario.DIRECT) {
                gallery = neighbourhoods.gallery(result.worstCase(), scenario, examples, plan.galleryExamples());
            }
        }
        List<AttackEvaluation> attacks = new ArrayList<>(model.attacks());
        attacks.add(AttackEvaluation.of(result, neverAttacked, scenario, entry, seconds, shift));
        return model.with(attacks, gallery);
    }

    /** In Scenario 2 (a) what the attack did to the surrogate, before the model is shown it. */
    private SuiteResult result(
            Subject subject,
            List<Subject> all,
            AttackSequence attack,
            Scenario scenario,
            Examples examples,
            Map<String, SuiteResult> surrogates)
            throws IOException {
        return scenario == Scenario.TRANSFER
                ? result(
                        Objects.requireNonNull(subject.surrogate()), all, attack, Scenario.DIRECT, examples, surrogates)
                : run(subject, attack, scenario, subject.gradients(scenario, all), examples, surrogates);
    }

    /** Runs an attack once; a surrogate that is evaluated itself is not attacked twice. */
    private SuiteResult run(
            Subject subject,
            AttackSequence attack,
            Scenario scenario,
            @Nullable GradientPath path,
            Examples examples,
            Map<String, SuiteResult> finished)
            throws IOException {
        String key = key(subject, attack, scenario);
        SuiteResult known = finished.get(key);
        if (known != null) {
            return known;
        }
        Path journal = folder.resolve(JOURNALS).resolve(key + ".jsonl");
        Files.createDirectories(folder.resolve(JOURNALS));
        AttackRunner runner = new AttackRunner(subject.classifier())
                .withSearched(subject.searched())
                .withGradients(path)
                .withCriterion(plan.criterion())
                .withBatchSize(plan.batchSize())
                .withSeed(plan.seed())
                .withProgress(step -> progress.accept(
                        step.within("%s, %s, %s".formatted(subject.name(), step.stage(), scenario.title()))))
                // The folder is of these models and data alone.
                .withJournal(new JournalPlace(journal, ""));
        SuiteResult result = attack.run(runner, examples);
        if (scenario == Scenario.DIRECT && subject.surrogate() == null) {
            finished.put(key, result);
        }
        return result;
    }

    /** Scenario 2 needs a surrogate, and an attack that uses gradients; the adaptive suite has a scenario of its own. */
    private static List<Scenario> scenarios(Subject subject, AttackSequence attack) {
        if (attack instanceof AdaptiveSuite) {
            return List.of(subject.retrieval() == null ? Scenario.DIRECT : Scenario.WHITE_BOX);
        }
        return subject.surrogate() != null && attack.needsGradients()
                ? List.of(Scenario.DIRECT, Scenario.TRANSFER, Scenario.COMPOSITE)
                : List.of(Scenario.DIRECT);
    }

    private ModelEvaluation clean(Subject subject) {
        new Seed(plan.seed()).derive("clean images").use();
        progress.accept(Progress.images(subject.name() + ", clean images", 0, test.size()));
        CleanStudy study = CleanStudy.of(subject, test, plan.criterion());
        progress.accept(Progress.images(subject.name() + ", clean images", test.size(), test.size()));
        return new ModelEvaluation(
                subject.name(),
                subject.formula(),
                study.clean(),
                subject.configuration(),
                subject.training(),
                study.quality(),
                List.of(),
                List.of());
    }

    private Evaluation evaluation(
            List<ModelEvaluation> models, Sample sample, String testImages, int attacked, boolean complete) {
        return new Evaluation(
                Evaluation.FORMAT,
                "Robustness on " + plan.data(),
                Version.current(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                plan.command(),
                complete,
                plan.data(),
                test.classNames(),
                test.imageSize().height(),
                test.imageSize().width(),
                testImages,
                sample.description(),
                attacked,
                plan.suite().name(),
                plan.seed(),
                plan.environment(),
                models,
                List.of());
    }

    private void check(List<Subject> subjects, Sample sample, String testImages) throws IOException {
        long names = subjects.stream().map(Subject::name).distinct().count();
        if (subjects.isEmpty() || names < subjects.size()) {
            throw new IllegalArgumentException("models must have different names, but are "
                    + subjects.stream().map(Subject::name).toList());
        }
        // Data that are the same by name need not be the same images, nor the other way round.
        StringBuilder identities = new StringBuilder(
                "images %s, %s\n".formatted(testImages.substring(0, SHOWN_DIGITS), sample.description()));
        for (Subject subject : subjects) {
            if (subject.classifier().classes() != test.classNames().size()) {
                throw new IllegalArgumentException(
                        "%s tells %s classes apart, but the data have %s; does the model belong to other data?"
                                .formatted(
                                        subject.name(),
                                        subject.classifier().classes(),
                                        test.classNames().size()));
            }
            if (plan.top() >= subject.classifier().classes()) {
                throw new IllegalArgumentException(
                        "top must be below the number of classes, %s, or nothing is adversarial, but is %s"
                                .formatted(subject.classifier().classes(), plan.top()));
            }
            identities
                    .append(subject.name())
                    .append(": ")
                    .append(subject.identity())
                    .append('\n');
        }
        Path file = folder.resolve(MODELS);
        if (Files.exists(file)) {
            List<String> before = Files.readString(file).lines().toList();
            List<String> now = identities.toString().lines().toList();
            for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
                String then = i < before.size() ? before.get(i) : "nothing more";
                String asked = i < now.size() ? now.get(i) : "nothing more";
                if (!then.equals(asked)) {
                    throw new IllegalArgumentException(
                            "%s holds results of other models or data than these: of '%s' where '%s' is asked for; choose another folder, or delete this one"
                                    .formatted(folder, then, asked));
                }
            }
        }
        AtomicFile.write(file, identities.toString());
    }

    /** A name for a file that no other attack has: names of models may differ in what no file name holds. */
    private static String key(Subject subject, AttackSequence attack, Scenario scenario) {
        String budget = attack.threatModel().map(model -> "-" + model).orElse("");
        String whole = "%s-%s%s-%s".formatted(subject.name(), attack.name(), budget, scenario.name());
        CRC32C checksum = new CRC32C();
        checksum.update(whole.getBytes(StandardCharsets.UTF_8));
        return whole.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-") + "-"
                + Long.toHexString(checksum.getValue());
    }
}
