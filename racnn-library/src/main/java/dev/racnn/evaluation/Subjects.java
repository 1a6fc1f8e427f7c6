package dev.racnn.evaluation;

import dev.racnn.attack.AttackRunner;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.DataSource;
import dev.racnn.data.ImageSize;
import dev.racnn.data.Preprocessing;
import dev.racnn.model.TorchScriptSettings;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.BundleDescription.Kind;
import dev.racnn.racnn.WhiteBox;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.Exact;
import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Opens saved models for an evaluation, gives them the names they have in the paper's tables, and closes them all. */
public final class Subjects implements AutoCloseable {
    /** In which attacks search, whatever models answer in. */
    public static final Precision SEARCHED_IN = Precision.FP32;

    private static final String MIXUP_STEPS = "localMixup.steps";

    private final int threads;
    private EngineFactory engine = new Exact();
    private final Precision precision;
    private final List<String> classNames;
    private final List<Subject> opened = new ArrayList<>();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /**
     * @param threads threads that share the work of a search, at least 1
     * @param precision of the arithmetic; {@link Precision#AUTO} for that of a RaCNN's candidates, else the faster one
     * @param classNames of the data, which those of a bundle must equal
     */
    public Subjects(int threads, Precision precision, List<String> classNames) {
        this.threads = threads;
        this.precision = precision;
        this.classNames = List.copyOf(classNames);
    }

    /**
     * Data as models take their images; as they are if no model says how.
     *
     * @param models bundles or TorchScript files
     * @throws IOException if the description of a bundle, or the settings of a TorchScript file, cannot be read
     * @throws IllegalArgumentException if models take images differently, or the data cannot be brought to their size
     */
    public static DataSource images(DataSource data, List<Path> models) throws IOException {
        Map<Preprocessing, Path> stated = new LinkedHashMap<>();
        for (Path model : models) {
            preprocessing(model).ifPresent(own -> stated.putIfAbsent(own, model));
        }
        if (!giveTheSame(data, stated.keySet())) {
            throw new IllegalArgumentException(
                    "models must take images alike to be compared, but %s; compare them one by one"
                            .formatted(stated.entrySet().stream()
                                    .map(entry -> entry.getValue() + " takes them with " + entry.getKey())
                                    .collect(Collectors.joining(", "))));
        }
        return stated.isEmpty()
                ? data
                : data.preprocessed(stated.keySet().iterator().next());
    }

    /** Whether images come out alike: those that have one size that cannot be changed do, however a model would change it. */
    private static boolean giveTheSame(DataSource data, Set<Preprocessing> all) {
        return all.stream().map(Preprocessing::imageSize).distinct().count() <= 1
                && all.stream().map(data::preprocessed).distinct().count() <= 1;
    }

    private static Optional<Preprocessing> preprocessing(Path model) throws IOException {
        if (Files.isDirectory(model)) {
            return Optional.of(BundleDescription.read(model).preprocessing());
        }
        // How many outputs it has is not asked for.
        return TorchScriptSettings.beside(model, 2).preprocessing();
    }

    /**
     * Lets the RaCNNs that are opened from now on search with another engine than exact search, against which its recall is
     * measured.
     */
    public void searchWith(EngineFactory other) {
        engine = other;
    }

    /** The models, in the order in which they were opened. */
    public List<Subject> all() {
        return List.copyOf(opened);
    }

    /**
     * What whoever reads results has to know of the models, a line each.
     *
     * @param size of the images that they will see
     */
    public List<String> warnings(ImageSize size) {
        return opened.stream()
                .filter(subject -> !subject.classifier().deterministic(size))
                .map(subject ->
                        "%s answers at random: equal images got different answers; numbers repeat with the same seed but hang on its draws, and most of %s answers decide about an attack's point; unless that is meant, save the model in evaluation mode (model.eval())"
                                .formatted(subject.name(), AttackRunner.VOTES_AT_RANDOM))
                .toList();
    }

    /**
     * Opens a model: the bundle of a baseline, that of a RaCNN, or a TorchScript file. A RaCNN comes with its surrogate
     * g'(phi'(x)) before it.
     *
     * @param model a folder or a file
     * @param neighbours K of each variant of a RaCNN; empty for the one that it was trained with
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if a bundle has other classes than the data, or K does not fit its candidates
     */
    public void open(Path model, List<Integer> neighbours) throws IOException {
        if (Files.isRegularFile(model)) {
            openTorchScript(model);
            return;
        }
        if (!Files.exists(model)) {
            throw new NoSuchFileException(model.toString(), null, "no such bundle or TorchScript file");
        }
        Bundle bundle = keep(Bundle.open(model, precision));
        bundle.description().requireClasses(classNames);
        Bundle searched = bundle.precision() == SEARCHED_IN ? bundle : keep(Bundle.open(model, SEARCHED_IN));
        if (bundle.description().kind() == Kind.BASELINE) {
            opened.add(Subject.baseline(unique("Baseline"), bundle, model).searchedAs(searched.withoutRetrieval()));
        } else {
            openRacnn(bundle, searched, model, neighbours);
        }
    }

    private void openTorchScript(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.[^.]+$", "");
        Subject subject = Subject.torchScript(unique(name), file, classNames.size(), precision.chosen());
        keep(subject.classifier());
        opened.add(subject);
    }

    private void openRacnn(Bundle bundle, Bundle searched, Path folder, List<Integer> neighbours) throws IOException {
        CandidateSnapshot found = keep(bundle.candidates(engine, threads));
        CandidateSnapshot foundInSearch = searched == bundle ? found : keep(searched.candidates(engine, threads));
        CandidateSnapshot truth = engine.findsAll() ? found : keep(bundle.candidates(new Exact(), threads));
        Subject surrogate = Subject.surrogate(unique("Surrogate"), bundle).searchedAs(searched.surrogate());
        opened.add(surrogate);
        String name = engine.chosenFor(found.base()).toString();
        List<Integer> all = neighbours.isEmpty() ? List.of(bundle.description().neighbours()) : neighbours;
        for (int k : all) {
            WhiteBox box = searched.whiteBox(foundInSearch, k);
            Retrieval retrieval = new Retrieval(
                    searched == bundle ? box.classifier() : bundle.classifier(found, k),
                    box,
                    found,
                    name,
                    truth == found ? null : bundle.classifier(truth, k));
            Subject subject = Subject.racnn("RaCNN-K" + k, bundle, retrieval, surrogate, folder)
                    .searchedAs(box.classifier());
            boolean mixup =
                    !subject.configuration().getOrDefault(MIXUP_STEPS, "0").equals("0");
            opened.add(subject.named(unique(subject.name() + (mixup ? "-mixup" : ""))));
        }
    }

    private String unique(String name) {
        long taken = opened.stream()
                .filter(subject -> subject.name().equals(name) || subject.name().startsWith(name + " "))
                .count();
        return taken == 0 ? name : name + " " + (taken + 1);
    }

    private <T extends AutoCloseable> T keep(T resource) {
        resources.push(resource);
        return resource;
    }

    /** Closes all models, the last opened first. */
    @Override
    public void close() throws IOException {
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("a model could not be closed: " + e.getMessage(), e);
            }
        }
    }
}
