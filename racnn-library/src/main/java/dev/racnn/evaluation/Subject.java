package dev.racnn.evaluation;

import dev.racnn.adaptive.KnownRacnn;
import dev.racnn.attack.GradientPath;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.files.Sha256;
import dev.racnn.model.Classifier;
import dev.racnn.model.PreciseClassifier;
import dev.racnn.model.TorchScriptClassifier;
import dev.racnn.model.TorchScriptSettings;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.RetrievalAugmentedClassifier;
import dev.racnn.tensor.Precision;
import dev.racnn.training.EpochRecord;
import dev.racnn.training.TrainingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A model under evaluation.
 *
 * @param name in tables; different for all models of an evaluation
 * @param formula what it computes, such as {@code g(phi(x))}
 * @param identity checksum of the weights, precision, and state of the candidate set: results of another model must not be
 *     taken over
 * @param classifier what is attacked, as it is served; the caller closes it
 * @param searched the same in float32, which attacks ask on their way: coarse numbers are flat to what looks for small
 *     differences
 * @param surrogate g'(phi'(x)) for Scenario 2; null if there is none
 * @param retrieval the retrieval part; null for a model without
 * @param configuration every setting that it was trained with, by name
 * @param training log of its training, empty if there is none
 */
public record Subject(
        String name,
        String formula,
        String identity,
        Classifier classifier,
        Classifier searched,
        @Nullable Subject surrogate,
        @Nullable Retrieval retrieval,
        Map<String, String> configuration,
        List<EpochRecord> training) {
    /** What a surrogate computes. */
    public static final String SURROGATE = "g′(φ′(x))";

    private static final String SETTINGS = "settings.yaml";

    public Subject {
        training = List.copyOf(training);
    }

    /** A model of which nothing but its answers is known, such as a TorchScript file. */
    public static Subject plain(String name, String formula, String identity, Classifier classifier) {
        return new Subject(name, formula, identity, classifier, classifier, null, null, Map.of(), List.of());
    }

    /**
     * What a TorchScript file answers, normalised as the settings beside it say. Closing its classifier closes the model.
     *
     * @param classes of the data
     * @param precision of its arithmetic; attacks search in {@link Subjects#SEARCHED_IN} even so
     * @throws IOException if the file, or the settings beside it, cannot be read
     */
    public static Subject torchScript(String name, Path file, int classes, Precision precision) throws IOException {
        TorchScriptSettings settings = TorchScriptSettings.beside(file, classes);
        // Another normalisation or label map makes another model of the same file, and so does another precision.
        String identity = Sha256.of(file)
                + (settings.equals(TorchScriptSettings.plain(classes)) ? "" : " with " + settings)
                + " in " + precision;
        Classifier model = TorchScriptClassifier.open(file, settings);
        return plain(name, "TorchScript", identity, new PreciseClassifier(model, precision))
                .searchedAs(new PreciseClassifier(model, Subjects.SEARCHED_IN));
    }

    /**
     * g(phi(x)) of a bundle: the baseline, or a RaCNN with its retrieval switched off.
     *
     * @param folder of the bundle
     */
    public static Subject baseline(String name, Bundle bundle, Path folder) throws IOException {
        Classifier classifier = bundle.withoutRetrieval();
        return new Subject(
                name,
                "g(φ(x))",
                identity(bundle) + " without retrieval",
                classifier,
                classifier,
                null,
                null,
                configuration(bundle.description(), folder),
                TrainingLog.read(folder));
    }

    /**
     * g'(phi'(x)) of a RaCNN's bundle, which Scenario 2 takes its gradients from; bundles that share phi' and g' give the same
     * model.
     */
    public static Subject surrogate(String name, Bundle bundle) {
        return plain(
                name,
                SURROGATE,
                bundle.surrogateSha256() + " in " + bundle.precision() + " surrogate",
                bundle.surrogate());
    }

    /**
     * g(P(x)) of a RaCNN's bundle.
     *
     * @param surrogate of the same bundle
     * @param folder of the bundle
     */
    public static Subject racnn(String name, Bundle bundle, Retrieval retrieval, Subject surrogate, Path folder)
            throws IOException {
        RetrievalAugmentedClassifier classifier = retrieval.classifier();
        CandidateSnapshot candidates = retrieval.candidates();
        String identity = "%s with K = %s of %s candidates (%s) by %s"
                .formatted(
                        identity(bundle),
                        classifier.neighbours(),
                        candidates.size(),
                        candidates.fingerprint(),
                        retrieval.engine());
        return new Subject(
                name,
                "g(P(x)), K = " + classifier.neighbours(),
                identity,
                classifier,
                classifier,
                surrogate,
                retrieval,
                configuration(bundle.description(), folder),
                TrainingLog.read(folder));
    }

    /**
     * Where an attacker takes gradients from: the model itself, its surrogate, or what they know of the model from inside.
     *
     * @param others models that one who knows everything has beside it, see {@link #whiteBox}
     * @return null if there are none to be had
     */
    public @Nullable GradientPath gradients(Scenario scenario, List<Subject> others) {
        return switch (scenario) {
            case WHITE_BOX -> whiteBox(formula, others);
            case COMPOSITE -> surrogate == null ? ownGradients(formula) : surrogate.ownGradients(surrogate.formula);
            case DIRECT, TRANSFER -> ownGradients(formula);
        };
    }

    private @Nullable GradientPath ownGradients(String named) {
        return searched.differentiable() ? GradientPath.through(searched, named) : null;
    }

    /**
     * Gradients for somebody who knows everything of the model; null if it has none.
     *
     * @param named what they go through, for a model without retrieval
     * @param others models that they have beside it; those without gradients, and the model's own surrogate, are left out
     */
    public @Nullable GradientPath whiteBox(String named, List<Subject> others) {
        if (retrieval != null) {
            return new KnownRacnn(
                    retrieval.box(),
                    others.stream()
                            .filter(other -> other.retrieval == null
                                    && !other.equals(surrogate)
                                    && other.searched.differentiable())
                            .map(other -> new KnownRacnn.Other(
                                    other.name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"), other.searched))
                            .toList());
        }
        return ownGradients(named);
    }

    /** The same with a difference that formula and identity state. */
    public Subject variant(String difference) {
        return new Subject(
                name,
                formula + ", " + difference,
                identity + ", " + difference,
                classifier,
                searched,
                surrogate,
                retrieval,
                configuration,
                training);
    }

    /**
     * The same, which somebody attacks from inside who has another RaCNN in its place: its answers can be asked for, but what they
     * follow are that one's maps and candidates.
     *
     * @throws IllegalArgumentException if one of the two has no retrieval
     */
    public Subject knownAs(Subject other) {
        if (retrieval == null || other.retrieval == null) {
            throw new IllegalArgumentException("who attacks a retrieval must have one in its place, but %s has none"
                    .formatted(retrieval == null ? name : other.name));
        }
        return new Subject(
                name,
                formula + ", known as " + other.name,
                identity + ", known as " + other.identity,
                classifier,
                searched,
                surrogate,
                retrieval.knownAs(other.retrieval.box()),
                configuration,
                training);
    }

    /** The same under another name. */
    public Subject named(String other) {
        return new Subject(
                other, formula, identity, classifier, searched, surrogate, retrieval, configuration, training);
    }

    /** The same, where attacks ask another classifier on their way. */
    public Subject searchedAs(Classifier other) {
        return new Subject(name, formula, identity, classifier, other, surrogate, retrieval, configuration, training);
    }

    private static String identity(Bundle bundle) {
        return bundle.description().weightsSha256() + " in " + bundle.precision();
    }

    private static Map<String, String> configuration(BundleDescription description, Path folder) throws IOException {
        Map<String, String> configuration = new LinkedHashMap<>();
        Path settings = folder.resolve(SETTINGS);
        if (Files.exists(settings)) {
            configuration.putAll(Settings.flatten(YAMLMapper.shared().readTree(Files.readString(settings))));
        }
        configuration.put("weights SHA-256", description.weightsSha256());
        return configuration;
    }
}
