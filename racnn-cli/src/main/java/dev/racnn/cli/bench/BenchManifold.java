package dev.racnn.cli.bench;

import dev.racnn.bench.ManifoldBenchmark;
import dev.racnn.bench.Separation;
import dev.racnn.bench.Separation.Roc;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataOptions;
import dev.racnn.cli.options.DataSourceConverter;
import dev.racnn.cli.options.EngineOptions;
import dev.racnn.cli.options.EpsilonConverter;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.data.Preprocessing;
import dev.racnn.files.AtomicFile;
import dev.racnn.racnn.Bundle;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code racnn bench manifold}: what distance and agreement of the neighbours tell of an image. */
@Command(
        name = "manifold",
        description = "Measures how well the distance of an image to its neighbours, and the agreement of their labels,"
                + " tell clean test images from adversarial ones (FGSM, PGD and DeepFool in all scenarios) and from"
                + " images of something else (noise, textures, and what --unrelated names).")
final class BenchManifold implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private EngineOptions engine;

    @Option(names = "--model", paramLabel = "BUNDLE", required = true, description = "Bundle of a RaCNN.")
    private Path model;

    @Mixin
    private DataOptions data;

    @Option(
            names = "--unrelated",
            paramLabel = "DATA",
            converter = DataSourceConverter.class,
            description = "Whose test images show something else. May be repeated.")
    private List<DataSource> unrelated = List.of();

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            defaultValue = "8/255",
            converter = EpsilonConverter.class,
            description = "Linf budget of FGSM and PGD, 8/255 by default.")
    private double epsilon;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "200",
            description = "Images of each kind at most, 200 by default.")
    private int limit;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Seed of all random numbers.")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", required = true, description = "Where to write the result.")
    private Path json;

    BenchManifold() {}

    @Override
    public Integer call() throws IOException {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1, but is " + limit);
        }
        AtomicFile.requireWritable(json);
        int threads = compute.apply();
        try (Bundle bundle = Bundle.open(model, compute.precisionOfAttacks())) {
            Preprocessing preprocessing = bundle.description().preprocessing();
            Dataset test = data.source().preprocessed(preprocessing).test();
            Map<String, Dataset> others = new LinkedHashMap<>();
            for (DataSource other : unrelated) {
                others.put(other.toString(), other.preprocessed(preprocessing).test());
            }
            try (CandidateSnapshot candidates = bundle.candidates(engine.orOwnOf(bundle), threads)) {
                Map<String, Separation> separations = new ManifoldBenchmark(bundle, candidates, epsilon, limit, seed)
                        .run(test, others, new StepProgress(spec.commandLine().getErr()));
                print(separations);
                write(separations, bundle, candidates);
            }
        }
        return 0;
    }

    private void print(Map<String, Separation> separations) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%-26s %5s  %-36s  %-36s%n", "", "", "by distance to the neighbours", "by agreement of the neighbours");
        String columns = "%10s %6s %5s %5s %5s";
        out.printf(
                "%-26s %5s  " + columns + "  " + columns + "%n",
                "images",
                "n",
                "percentile",
                "area",
                "1 %",
                "5 %",
                "10 %",
                "agreement",
                "area",
                "1 %",
                "5 %",
                "10 %");
        separations.forEach((kind, one) -> out.printf(
                Locale.ROOT,
                "%-26s %5s  %10.1f %s  %10.2f %s%n",
                kind,
                one.images(),
                one.percentile(),
                text(one.byDistance()),
                one.agreement(),
                text(one.byAgreement())));
    }

    private static String text(Roc roc) {
        return String.format(
                Locale.ROOT, "%6.3f %5.2f %5.2f %5.2f", roc.area(), roc.caughtAt1(), roc.caughtAt5(), roc.caughtAt10());
    }

    private void write(Map<String, Separation> separations, Bundle bundle, CandidateSnapshot candidates)
            throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("model", model.toString());
        result.put("weights_sha256", bundle.description().weightsSha256());
        result.put("data", data.source().toString());
        result.put("candidates", candidates.size());
        result.put("neighbours", bundle.description().neighbours());
        result.put("precision", bundle.precision().toString());
        result.put("epsilon", epsilon);
        result.put("limit", limit);
        result.put("seed", seed);
        result.put("kinds", separations);
        AtomicFile.write(
                json, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(result) + "\n");
    }
}
