package dev.racnn.cli;

import dev.racnn.retrieval.CandidateLayout;
import dev.racnn.retrieval.CandidateSnapshot;
import dev.racnn.retrieval.EngineSpec;
import dev.racnn.retrieval.SavedIndexes;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code racnn index info}: shows what a candidate set holds. */
@Command(name = "info", description = "Shows what a candidate set holds, class by class and tag by tag.")
final class IndexInfo implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private CandidateSetPlace place;

    @Option(names = "--verify", description = "Reads every file and compares it with its checksum.")
    private boolean verify;

    IndexInfo() {}

    @Override
    public Integer call() throws IOException {
        try (CandidateSnapshot candidates = CandidateSnapshot.open(place.folder())) {
            if (verify) {
                candidates.base().verify();
            }
            print(candidates, spec.commandLine().getOut());
        }
        return 0;
    }

    private void print(CandidateSnapshot candidates, PrintWriter out) throws IOException {
        CandidateLayout layout = candidates.layout();
        int[] labels = new int[layout.classNames().size()];
        Map<String, Integer> tags = new TreeMap<>();
        candidates.ids().forEach(id -> {
            labels[candidates.label(id)]++;
            candidates.tags(id).forEach(tag -> tags.merge(tag, 1, Integer::sum));
        });
        out.printf("candidate set  %s%n", place.folder());
        out.printf(
                "candidates     %d: %d in the base, less %d, plus %d added or changed since%n",
                candidates.size(),
                candidates.base().size(),
                candidates.hiddenSinceCompaction(),
                candidates.addedSinceCompaction());
        out.printf("keys           %d numbers%n", layout.keyDimension());
        out.printf("features       %d numbers%n", layout.featureDimension());
        out.printf("thumbnails     %dx%d%n", layout.imageHeight(), layout.imageWidth());
        out.printf("extractor      %s%n", layout.extractorChecksum());
        out.printf("generation     %d%n", candidates.base().generation());
        out.printf(
                "indexes        %s%n",
                SavedIndexes.of(candidates.base()).stream()
                        .map(EngineSpec::toString)
                        .collect(Collectors.joining(" ")));
        out.printf("bytes          %d%s%n", candidates.base().bytes(), verify ? ", all as written" : "");
        out.printf("%n%-5s  %10s  %s%n", "label", "candidates", "class");
        for (int label = 0; label < labels.length; label++) {
            out.printf(
                    "%5d  %10d  %s%n", label, labels[label], layout.classNames().get(label));
        }
        if (!tags.isEmpty()) {
            out.printf("%n%-16s  %10s%n", "tag", "candidates");
            tags.forEach((tag, count) -> out.printf("%-16s  %10d%n", tag, count));
        }
    }
}
