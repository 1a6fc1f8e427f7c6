package dev.racnn.bench;

import dev.racnn.Progress;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Examples;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.evaluation.Sample;
import dev.racnn.evaluation.Scenario;
import dev.racnn.model.Bounds;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.Calibration;
import dev.racnn.racnn.Evidence;
import dev.racnn.racnn.Explanation;
import dev.racnn.racnn.RetrievalAugmentedClassifier;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Seed;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the evidence of an answer tells: clean test images from adversarial ones, and from images of something else.
 *
 * @param bundle of a RaCNN
 * @param candidates its candidate set
 * @param epsilon Linf budget of FGSM and PGD, pixels being in [0, 1]; DeepFool looks for the nearest image in L2
 * @param limit images of each kind at most
 * @param seed of the choice of images, of attacks, and of images that are made up
 */
public record ManifoldBenchmark(Bundle bundle, CandidateSnapshot candidates, double epsilon, int limit, long seed) {
    private static final int BATCH = 50;

    /** An answer, as far as it matters here. */
    private record Answer(int label, Evidence evidence) {}

    /**
     * Measures.
     *
     * @param test images, some of which are drawn, attacked in all scenarios, and taken in whole levels, as clients send them. Those
     *     count as adversarial that the RaCNN gets right before and wrong after that
     * @param unrelated images of other things, of the model's size, by name
     * @param progress hears of every attack
     * @return clean images, and each other kind against them
     */
    public Map<String, Separation> run(Dataset test, Map<String, Dataset> unrelated, Consumer<Progress> progress)
            throws IOException {
        int k = bundle.description().neighbours();
        ImageSize size = bundle.description().imageSize();
        RetrievalAugmentedClassifier racnn = bundle.classifier(candidates, k);
        Calibration calibration = Calibration.of(candidates, k, new Seed(0));
        Examples examples = drawn(test);
        List<Answer> clean = answers(racnn, calibration, examples.images());
        List<Evidence> usual = clean.stream().map(Answer::evidence).toList();
        Map<String, Separation> separations = new LinkedHashMap<>();
        separations.put("clean", Separation.of(usual, usual));
        for (Scenario scenario : List.of(Scenario.DIRECT, Scenario.TRANSFER, Scenario.COMPOSITE)) {
            AttackRunner runner = runner(racnn, scenario).withSeed(seed).withProgress(progress);
            for (AttackSequence attack : attacks()) {
                List<Answer> attacked = answers(racnn, calibration, points(attack, runner, examples));
                List<Evidence> fooled = new ArrayList<>();
                for (int i = 0; i < examples.count(); i++) {
                    int label = examples.labels()[i];
                    if (clean.get(i).label() == label && attacked.get(i).label() != label) {
                        fooled.add(attacked.get(i).evidence());
                    }
                }
                separations.put(Attacks.title(attack.name()) + ", " + scenario.title(), Separation.of(usual, fooled));
            }
        }
        Map<String, Dataset> others = new LinkedHashMap<>(unrelated);
        others.put("noise", MadeUpImages.noise(size, limit, new Seed(seed)));
        others.put("textures", MadeUpImages.textures(size, limit, new Seed(seed)));
        for (Map.Entry<String, Dataset> other : others.entrySet()) {
            List<Answer> answers =
                    answers(racnn, calibration, drawn(other.getValue()).images());
            separations.put(
                    other.getKey(),
                    Separation.of(usual, answers.stream().map(Answer::evidence).toList()));
        }
        return separations;
    }

    private Examples drawn(Dataset images) {
        return Sample.drawn(seed).from(images).examples(images, 0, Math.min(limit, images.size()), Bounds.UNIT);
    }

    private List<AttackSequence> attacks() {
        return List.of(
                Attacks.named(Profile.MODERN, "fgsm").make(Norm.LINF, Optional.of(epsilon)),
                Attacks.named(Profile.MODERN, "pgd").make(Norm.LINF, Optional.of(epsilon)),
                Attacks.named(Profile.MODERN, "deepfool").make(Norm.L2, Optional.empty()));
    }

    private AttackRunner runner(RetrievalAugmentedClassifier racnn, Scenario scenario) {
        return switch (scenario) {
            case TRANSFER -> new AttackRunner(bundle.surrogate());
            case COMPOSITE ->
                new AttackRunner(racnn).withGradients(GradientPath.through(bundle.surrogate(), "the surrogate"));
            case DIRECT, WHITE_BOX -> new AttackRunner(racnn);
        };
    }

    /** What an attack found, in whole levels; the original where it found nothing. */
    private static float[][] points(AttackSequence attack, AttackRunner runner, Examples examples) throws IOException {
        List<Outcome> outcomes = attack.run(runner, examples).worstCase().outcomes();
        float[][] points = new float[examples.count()][];
        for (int i = 0; i < points.length; i++) {
            float[] found = outcomes.get(i).adversarial();
            points[i] = (found == null ? examples.images()[i] : found).clone();
            for (int j = 0; j < points[i].length; j++) {
                points[i][j] = Bounds.UNIT.ofLevel(Bounds.UNIT.level(points[i][j]));
            }
        }
        return points;
    }

    private List<Answer> answers(RetrievalAugmentedClassifier racnn, Calibration calibration, float[]... images) {
        ImageSize size = bundle.description().imageSize();
        List<Answer> answers = new ArrayList<>();
        for (int start = 0; start < images.length; start += BATCH) {
            float[][] some = Arrays.copyOfRange(images, start, Math.min(images.length, start + BATCH));
            float[] joined = new float[some.length * size.bytes()];
            for (int i = 0; i < some.length; i++) {
                System.arraycopy(some[i], 0, joined, i * size.bytes(), size.bytes());
            }
            try (var _ = Scope.open()) {
                Explanation why =
                        racnn.explain(Tensors.of(joined, some.length, ImageSize.CHANNELS, size.height(), size.width()));
                for (int i = 0; i < some.length; i++) {
                    answers.add(new Answer(why.label(i), calibration.evidence(why, i, candidates::label)));
                }
            }
        }
        return answers;
    }
}
