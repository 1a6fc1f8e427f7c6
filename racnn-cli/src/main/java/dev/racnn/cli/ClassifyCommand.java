package dev.racnn.cli;

import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.EngineOptions;
import dev.racnn.cli.terminal.ErrorLine;
import dev.racnn.racnn.Answer;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.Racnn;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
import tools.jackson.databind.node.ObjectNode;

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
        Bundle bundle = compute.open(model);
        requireRetrievalIfAsked(bundle);
        try (Racnn racnn = Racnn.open(bundle, engine.orOwnOf(bundle), threads)) {
            return answer(racnn, neighbours(racnn));
        }
    }

    private void requireRetrievalIfAsked(Bundle bundle) {
        String asked = neighbours != null ? "-k" : engine.isGiven() ? "--engine" : null;
        if (asked != null && bundle.description().kind() == BundleDescription.Kind.BASELINE) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s: %s is a baseline, which answers without neighbours; leave the option out, or name the bundle of a RaCNN"
                            .formatted(asked, model));
        }
    }

    private int neighbours(Racnn racnn) {
        try {
            return racnn.requireNeighbours(neighbours == null ? racnn.neighbours() : neighbours);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "-k: " + e.getMessage(), e);
        }
    }

    /** Prints every answer at once; an image that cannot be answered does not keep the others from theirs. */
    private int answer(Racnn racnn, int k) {
        int exitCode = ExitCode.OK;
        for (Path image : images) {
            try {
                print(image, racnn.explain(image, k));
            } catch (IOException e) {
                spec.commandLine().getErr().println("racnn: " + ErrorLine.of(e));
                exitCode = ExitCode.SOFTWARE;
            }
        }
        return exitCode;
    }

    private void print(Path image, Answer answer) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonMapper mapper = JsonMapper.shared();
            ObjectNode line = mapper.createObjectNode().put("image", image.toString());
            out.println(line.setAll(mapper.<ObjectNode>valueToTree(answer)));
            return;
        }
        out.printf("%s: %s%n", image, answer.label());
        List<String> best = answer.probabilities().entrySet().stream()
                .sorted(Comparator.comparingDouble((java.util.Map.Entry<String, Double> entry) -> -entry.getValue()))
                .limit(SHOWN_CLASSES)
                .map(entry -> String.format(Locale.ROOT, "%s %.1f %%", entry.getKey(), 100 * entry.getValue()))
                .toList();
        out.println("  " + String.join(", ", best));
        printNeighbours(out, answer);
    }

    /** Prints what an answer rests on, if it rests on neighbours. */
    static void printNeighbours(PrintWriter out, Answer answer) {
        if (answer.neighbours().isEmpty()) {
            return;
        }
        out.printf("  %4s  %10s  %-14s %9s  %6s%n", "rank", "candidate", "label", "distance", "weight");
        for (int rank = 0; rank < answer.neighbours().size(); rank++) {
            Answer.Neighbour neighbour = answer.neighbours().get(rank);
            out.printf(
                    Locale.ROOT,
                    "  %4d  %10d  %-14s %9.3f  %6.3f%n",
                    rank + 1,
                    neighbour.id(),
                    neighbour.label(),
                    neighbour.distance(),
                    neighbour.weight());
        }
    }
}
