package dev.racnn.experiment;

import dev.racnn.Part;
import dev.racnn.Progress;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.data.Preprocessing;
import dev.racnn.evaluation.Retrieval;
import dev.racnn.evaluation.Settings;
import dev.racnn.evaluation.Subject;
import dev.racnn.evaluation.Subjects;
import dev.racnn.files.FileHold;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.HullWeights;
import dev.racnn.racnn.Provenance;
import dev.racnn.racnn.WhiteBox;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.Exact;
import dev.racnn.tensor.Precision;
import dev.racnn.training.SettingsFile;
import dev.racnn.training.TrainingData;
import dev.racnn.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The models of an experiment: found or trained, with their candidate sets, and opened. Several processes may share the
 * folder; each model is made by one of them, while the others wait.
 */
final class ExperimentModels implements AutoCloseable {
    private static final String SETTINGS = "settings.yaml";
    private static final long WAIT_MILLISECONDS = 2000;

    private final Experiment experiment;
    private final ExperimentRun.Machine machine;
    private final DataSource data;
    private final Path folder;
    private final Consumer<Progress> progress;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<Preprocessing, TrainingData> images = new HashMap<>();

    /** @param folder where models are trained */
    ExperimentModels(
            Experiment experiment,
            ExperimentRun.Machine machine,
            DataSource data,
            Path folder,
            Consumer<Progress> progress) {
        this.experiment = experiment;
        this.machine = machine;
        this.data = data;
        this.folder = folder;
        this.progress = progress;
    }

    /** Trains the models that are missing, and computes the candidate sets that are. */
    void prepare() throws IOException {
        Files.createDirectories(folder);
        for (ModelEntry entry : experiment.models()) {
            if (entry.listed()) {
                make(entry);
            }
        }
    }

    /** Makes a model ready; a model that is there for its phi' only, when that is needed. */
    private void make(ModelEntry entry) throws IOException {
        if (entry.isTorchScript()) {
            return;
        }
        Path bundle = bundle(entry);
        try (FileHold _ = waitFor(entry)) {
            if (isTrained(bundle)) {
                requireSettings(entry, bundle);
            } else {
                train(entry, bundle);
            }
            if (entry.listed()) {
                index(bundle, entry);
            }
        }
    }

    private static boolean isTrained(Path bundle) {
        return Files.exists(bundle.resolve(BundleDescription.FILE));
    }

    /** Where a model is, or will be. */
    private Path bundle(ModelEntry entry) {
        Path given = entry.bundle();
        boolean taken = given != null && (entry.settings() == null || isTrained(given));
        return taken && given != null ? given : folder.resolve(entry.name());
    }

    private void train(ModelEntry entry, Path bundle) throws IOException {
        TrainingSettings settings = entry.settings();
        if (settings == null) {
            throw new IOException(
                    "model %s: %s is no finished bundle, and the experiment has no settings to train one with; add settings, or give the folder of a bundle or a TorchScript file"
                            .formatted(entry.name(), bundle));
        }
        Lent lent = new Lent(lent(entry.extractor()), lent(entry.baseline()), lent(entry.backbone()));
        machine.trainer().train(entry.name(), settings, images(lent.preprocessing(settings)), bundle, lent);
    }

    /** The bundle of a model that another one takes networks of, made if need be. */
    private @Nullable Path lent(@Nullable String name) throws IOException {
        if (name == null) {
            return null;
        }
        ModelEntry lender = experiment.model(name);
        make(lender);
        return bundle(lender);
    }

    private static void requireSettings(ModelEntry entry, Path bundle) throws IOException {
        Path file = bundle.resolve(SETTINGS);
        TrainingSettings wanted = entry.settings();
        if (wanted == null || !Files.exists(file)) {
            return;
        }
        Map<String, String> had = Settings.flatten(SettingsFile.read(file, List.of()));
        Settings.flatten(wanted).forEach((name, value) -> {
            // What is left to the machine, and how a phi' was trained that came from elsewhere, a bundle need not
            // share.
            boolean matters =
                    !value.equalsIgnoreCase("auto") && !(entry.extractor() != null && name.startsWith("extractor."));
            if (matters && !value.equals(had.get(name))) {
                throw new IllegalArgumentException(
                        "model %s: %s was trained with %s = %s, but the experiment asks for %s; leave its bundle or its settings out"
                                .formatted(entry.name(), bundle, name, had.get(name), value));
            }
        });
    }

    private void index(Path bundle, ModelEntry entry) throws IOException {
        BundleDescription description = BundleDescription.read(bundle);
        if (description.kind() != BundleDescription.Kind.RACNN) {
            entry.requireNothingOfNeighbours();
            return;
        }
        try (Bundle made = machine.open(bundle)) {
            if (!made.hasCandidates()) {
                Dataset candidates =
                        data.preprocessed(description.preprocessing()).candidates();
                Provenance provenance = description.provenance();
                if (provenance != null
                        && candidates.size() != provenance.candidates().images()) {
                    throw others(bundle, provenance, candidates.size() + " images");
                }
                made.buildIndex(
                        candidates,
                        given -> {
                            if (provenance != null && !given.equals(provenance.candidates())) {
                                throw others(bundle, provenance, given.toString());
                            }
                        },
                        done -> progress.accept(Progress.images("index of " + entry.name(), done, candidates.size())));
            }
        }
    }

    /** A model that was trained around other candidates answers with these, but it is not the model that was asked for. */
    private static IllegalArgumentException others(Path bundle, Provenance provenance, String given) {
        return new IllegalArgumentException(
                "%s was trained with other candidates, %s (%s), not with %s; give the data that it was trained with"
                        .formatted(bundle, provenance.data(), provenance.candidates(), given));
    }

    /** The test images as the models take them. */
    Dataset test() throws IOException {
        List<Path> bundles = experiment.models().stream()
                .filter(ModelEntry::listed)
                .map(this::bundle)
                .toList();
        return Subjects.images(data, bundles).test();
    }

    /**
     * Opens the models that stand in the tables, each surrogate once, before the first model that it serves; a baseline that is
     * the same function is that surrogate.
     *
     * @param test the images that they will be asked about
     */
    List<Subject> open(Dataset test) throws IOException {
        List<Subject> subjects = new ArrayList<>();
        Map<Bundle, Subject> baselines = new LinkedHashMap<>();
        Map<String, Subject> surrogates = new LinkedHashMap<>();
        for (ModelEntry entry : experiment.models()) {
            if (!entry.listed()) {
                continue;
            }
            Path folder = bundle(entry);
            if (entry.isTorchScript()) {
                subjects.add(torchScript(entry.name(), folder, test));
                continue;
            }
            Bundle bundle = keep(machine.open(folder));
            bundle.description().requireClasses(test.classNames());
            if (bundle.description().kind() == BundleDescription.Kind.BASELINE) {
                Subject baseline = Subject.baseline(entry.name(), bundle, folder);
                subjects.add(baseline);
                baselines.put(bundle, baseline);
                continue;
            }
            Subject own = Subject.surrogate("Surrogate", bundle);
            Subject surrogate = baselines.entrySet().stream()
                    .filter(baseline -> bundle.surrogateIs(baseline.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(surrogates.get(own.identity()));
            if (surrogate == null) {
                surrogate = surrogates.isEmpty() ? own : own.named("Surrogate " + (surrogates.size() + 1));
                surrogates.put(own.identity(), surrogate);
                subjects.add(surrogate);
            }
            Subject racnn = Subject.racnn(entry.name(), bundle, retrieval(entry, bundle), surrogate, folder);
            if (entry.projection() != HullWeights.Kind.LEARNED) {
                racnn = racnn.variant("projection " + entry.projection());
            }
            if (entry.frozenNeighbours()) {
                racnn = racnn.variant("neighbours of the unperturbed image");
            }
            subjects.add(entry.attacker() == null ? racnn : racnn.knownAs(named(subjects, entry.attacker())));
        }
        return subjects;
    }

    private Subject torchScript(String name, Path file, Dataset test) throws IOException {
        Precision asked = machine.precision();
        Precision precision = asked == null ? Subjects.SEARCHED_IN : asked.chosen();
        Subject subject = Subject.torchScript(name, file, test.classNames().size(), precision);
        if (!keep(subject.classifier()).deterministic(test.imageSize())) {
            throw new IllegalArgumentException(
                    "model %s: %s answers at random, equal images got different answers, so that a cell would hang on what was computed before it; save it in evaluation mode (model.eval()), or use `racnn evaluate`"
                            .formatted(name, file));
        }
        return subject;
    }

    private static Subject named(List<Subject> subjects, String name) {
        return subjects.stream()
                .filter(subject -> subject.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Retrieval retrieval(ModelEntry entry, Bundle bundle) throws IOException {
        Integer asked = entry.neighbours();
        int k = asked == null ? bundle.description().neighbours() : asked;
        CandidateSnapshot exact = candidates(entry, bundle, new Exact());
        boolean isExact = entry.engine().findsAll();
        CandidateSnapshot found = isExact ? exact : candidates(entry, bundle, entry.engine());
        WhiteBox box = bundle.whiteBox(found, k, entry.projection());
        return new Retrieval(
                entry.frozenNeighbours() ? box.classifier().withFrozenNeighbours() : box.classifier(),
                box,
                found,
                isExact
                        ? entry.engine().toString()
                        : entry.engine().chosenFor(found.base()).toString(),
                isExact ? null : bundle.classifier(exact, k).with(entry.projection()));
    }

    private CandidateSnapshot candidates(ModelEntry entry, Bundle bundle, EngineFactory engine) throws IOException {
        CandidateSnapshot all = keep(bundle.candidates(engine, machine.threads()));
        return entry.candidates().equals(Part.WHOLE) ? all : keep(all.retaining(entry.candidates()::inTurn));
    }

    private TrainingData images(Preprocessing preprocessing) throws IOException {
        TrainingData read = images.get(preprocessing);
        if (read == null) {
            DataSource taken = data.preprocessed(preprocessing);
            Dataset training = taken.train();
            read = new TrainingData(
                    data.toString(),
                    training,
                    taken.test(),
                    taken.candidatesAreTraining() ? training : taken.candidates());
            images.put(preprocessing, read);
        }
        return read;
    }

    /** Holds a model, once no other process does. */
    private FileHold waitFor(ModelEntry entry) throws IOException {
        Path lock = folder.resolve(entry.name() + ".lock");
        for (long waited = 0; ; waited += WAIT_MILLISECONDS) {
            Optional<FileHold> hold = FileHold.tryTake(lock);
            if (hold.isPresent()) {
                return hold.get();
            }
            progress.accept(new Progress(
                    "waiting for another process that makes " + entry.name(), waited / 1000, -1, "seconds", ""));
            try {
                Thread.sleep(WAIT_MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + lock, e);
            }
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() throws IOException {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("a model could not be closed: " + e.getMessage(), e);
            }
        }
    }
}
