package dev.racnn.cli;

import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.EngineChoice;
import dev.racnn.cli.options.EngineOptions;
import dev.racnn.cli.terminal.ErrorLine;
import dev.racnn.data.ImageFile;
import dev.racnn.data.ImageSize;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.Explanation;
import dev.racnn.racnn.RetrievalAugmentedClassifier;
import dev.racnn.racnn.StoredCandidates;
import dev.racnn.retrieval.CandidateSnapshot;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code racnn classify}: labels images and shows which neighbours decided. */
@Command(
        name = "classify",
        description =
                "Classifies images: label, probabilities and, for a RaCNN, the neighbours with distance and weight. An"
                    + " image that cannot be read is named, and the others are answered all the same; the exit code is"
                    + " then 1.")
final class ClassifyCommand implements Callable<Integer> {
    private static final int SHOWN_CLASSES = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private EngineOptions engine;

    @Option(names = "--model", paramLabel = "BUNDLE", required = true, description = "Bundle to answer with.")
    private Path model;

    @Option(
            names = {"-k", "--neighbours"},
            paramLabel = "K",
            description = "Neighbours, 1 to 100; those of the training by default.")
    private @Nullable Integer neighbours;

    @Option(
            names = "--json",
            description = "Print one JSON object a line instead of text; images without an answer have none.")
    private boolean json;

    @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "PNG or JPEG files of any size.")
    private List<Path> images;

    ClassifyCommand() {}

    @Override
    public Integer call() throws IOException {
        int threads = compute.apply();
        try (Bundle bundle = compute.open(model)) {
            if (bundle.description().kind() == BundleDescription.Kind.BASELINE) {
                return answer(image -> plain(bundle, image));
            }
            String chosen = engine.orElse(bundle.description().engine());
            try (CandidateSnapshot candidates = bundle.candidates(keys -> EngineChoice.build(chosen, keys, threads))) {
                RetrievalAugmentedClassifier classifier = classifier(bundle, candidates);
                return answer(image -> withNeighbours(bundle, candidates, classifier, image));
            }
        }
    }

    /** What answers an image. */
    private interface Answerer {
        Prediction answer(Path image) throws IOException;
    }

    /** Prints every answer at once; an image that cannot be answered does not keep the others from theirs. */
    private int answer(Answerer answerer) {
        int exitCode = ExitCode.OK;
        for (Path image : images) {
            try {
                print(answerer.answer(image));
            } catch (IOException e) {
                spec.commandLine().getErr().println("racnn: " + ErrorLine.of(e));
                exitCode = ExitCode.SOFTWARE;
            }
        }
        return exitCode;
    }

    private static Prediction plain(Bundle bundle, Path image) throws IOException {
        BundleDescription description = bundle.description();
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor logits = bundle.withoutRetrieval().logits(read(image, description.imageSize()));
            return Prediction.of(
                    image, description.classNames(), Tensors.toFloats(torch.softmax(logits, 1)), List.of());
        }
    }

    private RetrievalAugmentedClassifier classifier(Bundle bundle, CandidateSnapshot candidates) {
        int k = neighbours == null ? bundle.description().neighbours() : neighbours;
        try {
            return bundle.classifier(candidates, new StoredCandidates(candidates), k);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "-k: " + e.getMessage(), e);
        }
    }

    private static Prediction withNeighbours(
            Bundle bundle, CandidateSnapshot candidates, RetrievalAugmentedClassifier classifier, Path image)
            throws IOException {
        BundleDescription description = bundle.description();
        List<String> names = description.classNames();
        try (var _ = Scope.open()) {
            Explanation why = classifier.explain(read(image, description.imageSize()));
            List<Prediction.Neighbour> found = new ArrayList<>();
            for (int rank = 0; rank < classifier.neighbours(); rank++) {
                long id = why.neighbours().id(0, rank);
                found.add(new Prediction.Neighbour(
                        id,
                        names.get(candidates.label(id)),
                        Math.sqrt(why.neighbours().squaredDistance(0, rank)),
                        why.weight(0, rank)));
            }
            return Prediction.of(image, names, why.probabilities(), found);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "%s: no answer from %s: %s".formatted(image, bundle.candidatesFolder(), e.getMessage()), e);
        }
    }

    private static Tensor read(Path image, ImageSize size) throws IOException {
        return Tensors.ofPixels(ImageFile.read(image, size), 1, ImageSize.CHANNELS, size.height(), size.width());
    }

    private void print(Prediction prediction) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(prediction));
            return;
        }
        out.printf("%s: %s%n", prediction.image(), prediction.label());
        List<String> best = prediction.probabilities().entrySet().stream()
                .sorted(Comparator.comparingDouble((java.util.Map.Entry<String, Double> entry) -> -entry.getValue()))
                .limit(SHOWN_CLASSES)
                .map(entry -> String.format(Locale.ROOT, "%s %.1f %%", entry.getKey(), 100 * entry.getValue()))
                .toList();
        out.println("  " + String.join(", ", best));
        if (!prediction.neighbours().isEmpty()) {
            out.printf("  %4s  %10s  %-14s %9s  %6s%n", "rank", "candidate", "label", "distance", "weight");
            IntStream.range(0, prediction.neighbours().size()).forEach(rank -> {
                Prediction.Neighbour neighbour = prediction.neighbours().get(rank);
                out.printf(
                        Locale.ROOT,
                        "  %4d  %10d  %-14s %9.3f  %6.3f%n",
                        rank + 1,
                        neighbour.id(),
                        neighbour.label(),
                        neighbour.distance(),
                        neighbour.weight());
            });
        }
    }
}
