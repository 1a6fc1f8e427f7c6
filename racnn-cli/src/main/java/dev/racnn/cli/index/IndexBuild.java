package dev.racnn.cli.index;

import dev.racnn.Part;
import dev.racnn.Progress;
import dev.racnn.candidates.CandidateHistory;
import dev.racnn.candidates.CandidateSet;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.candidates.SavedIndexes;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataSourceConverter;
import dev.racnn.cli.options.EngineConverter;
import dev.racnn.cli.options.ImageOptions;
import dev.racnn.cli.options.PartConverter;
import dev.racnn.cli.terminal.Interruption;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.IndexPart;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.IndexFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code racnn index build}: computes the candidate set D' of a bundle from images, and the index of its engine. */
@Command(
        name = "build",
        description = "Computes keys and features of all candidate images of DATA and stores them in the bundle, with"
                + " the index of a retrieval engine. An interrupted build continues where it stopped.")
final class IndexBuild implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Option(names = "--model", paramLabel = "BUNDLE", required = true, description = "Bundle of a RaCNN.")
    private Path model;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            converter = DataSourceConverter.class,
            description = DataSourceConverter.FORMS
                    + " Without it the candidates stay, and only the index of the engine is built.")
    private @Nullable DataSource data;

    @Mixin
    private ImageOptions imageOptions;

    @Option(
            names = "--replace",
            description = "With --data: drops a candidate set that was changed, compacted or built more than once;"
                    + " images that were removed come back, and those that were added go.")
    private boolean replace;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            converter = EngineConverter.class,
            description = "Retrieval engine whose index is built; that of the bundle by default. auto chooses exact or"
                    + " hnsw by the size of the candidate set.")
    private @Nullable EngineFactory engine;

    @Option(names = "--default", description = "Makes the engine of --engine that of the bundle.")
    private boolean makeDefault;

    @Option(
            names = "--part",
            paramLabel = "I/N",
            converter = PartConverter.class,
            description = "With --data and --out: computes the I-th of N shares of the candidates, on this machine or"
                    + " another; `racnn index merge` joins them.")
    private @Nullable Part part;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder of the share of --part.")
    private @Nullable Path out;

    IndexBuild() {}

    @Override
    public Integer call() throws IOException {
        if (makeDefault && engine == null) {
            throw new ParameterException(spec.commandLine(), "--default needs an engine: add --engine ENGINE");
        }
        if (replace && data == null) {
            throw new ParameterException(spec.commandLine(), "--replace needs images to build from: add --data DATA");
        }
        if ((part == null) != (out == null) || (part != null && data == null)) {
            throw new ParameterException(
                    spec.commandLine(), "--part, --out and --data belong together: one share, its folder, its images");
        }
        int threads = compute.apply();
        PrintWriter print = spec.commandLine().getOut();
        try (Bundle bundle = compute.open(model)) {
            if (part != null && out != null && data != null) {
                buildPart(bundle, data, part, out);
                return 0;
            }
            if (data != null) {
                buildCandidates(bundle, data, print);
            }
            EngineFactory wanted =
                    engine == null ? EngineFactory.parse(bundle.description().engine()) : engine;
            buildIndex(bundle.candidatesFolder(), wanted, threads, print);
            if (makeDefault) {
                bundle.description().withEngine(wanted.toString()).write(model);
                print.printf(
                        "engine of %s is %s, and was %s%n",
                        model, wanted, bundle.description().engine());
            }
        }
        return 0;
    }

    private void buildPart(Bundle bundle, DataSource source, Part share, Path folder) throws IOException {
        Dataset candidates = images(bundle, source);
        Interruption.keeps("start the same command again to go on");
        StepProgress progress = new StepProgress(spec.commandLine().getErr());
        String step = "part %s of the index".formatted(share);
        int size = IndexPart.build(
                        bundle,
                        candidates,
                        share,
                        folder,
                        done -> progress.accept(Progress.images(step, done, candidates.size() / share.of())))
                .size();
        spec.commandLine()
                .getOut()
                .printf(
                        "%s of %s candidates in %s; join all parts with `racnn index merge`%n",
                        size, candidates.size(), folder);
    }

    private Dataset images(Bundle bundle, DataSource source) throws IOException {
        return imageOptions
                .of(source.preprocessed(bundle.description().preprocessing()))
                .candidates();
    }

    private void buildCandidates(Bundle bundle, DataSource source, PrintWriter print) throws IOException {
        Path set = model.resolve(Bundle.CANDIDATES);
        Optional<CandidateHistory> lost = history(set).filter(history -> !history.isEmpty());
        if (lost.isPresent() && !replace) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s is not as it was built first: it is %s; building it from %s drops all that, and images that were removed come back; add --replace if that is meant"
                            .formatted(set, lost.get(), source));
        }
        Dataset candidates = images(bundle, source);
        Interruption.keeps("start the same command again to go on");
        StepProgress progress = new StepProgress(spec.commandLine().getErr());
        bundle.buildIndex(candidates, done -> progress.accept(Progress.images("index", done, candidates.size())));
        lost.ifPresent(history -> print.printf("dropped %s%n", history));
        print.printf("%s candidates in %s%n", candidates.size(), set);
    }

    /** A set that cannot be read is replaced only where that is asked for. */
    private Optional<CandidateHistory> history(Path set) throws IOException {
        try {
            return CandidateHistory.of(set);
        } catch (IOException e) {
            if (replace) {
                return Optional.empty();
            }
            throw new IOException(e.getMessage() + "; with --replace it is built anew from the images", e);
        }
    }

    private void buildIndex(Path set, EngineFactory wanted, int threads, PrintWriter print) throws IOException {
        try (CandidateSnapshot present = CandidateSnapshot.open(set)) {
            CandidateSet base = present.base();
            EngineFactory chosen = wanted.chosenFor(base);
            if (chosen instanceof IndexFactory index) {
                SavedIndexes.build(set, index, threads);
                print.printf("index of %s%s%n", chosen, chosen.equals(wanted) ? "" : ", chosen by " + wanted);
            } else if (!chosen.holdsKeys()) {
                print.printf("%s needs no index%n", chosen);
            } else if (data == null) {
                chosen.build(base, threads).close();
                print.printf("%s holds these keys%n", chosen);
            } else {
                print.printf("load the keys with `racnn index upload --model %s %s`%n", model, chosen);
            }
        }
    }
}
