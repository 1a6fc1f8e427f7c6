package dev.racnn.cli.index;

import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.candidates.SetInventory;
import dev.racnn.candidates.SetInventory.SavedIndex;
import dev.racnn.cli.options.CandidateSetPlace;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.retrieval.EngineFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
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

    @Option(
            names = "--verify",
            description = "Reads every file, those of saved indexes too, and compares it with its checksum.")
    private boolean verify;

    IndexInfo() {}

    @Override
    public Integer call() throws IOException {
        try (CandidateSnapshot candidates = CandidateSnapshot.open(place.folder())) {
            if (verify) {
                candidates.base().verify();
            }
            SetInventory inventory = SetInventory.of(candidates.base(), verify);
            print(candidates, inventory, spec.commandLine().getOut());
            Optional<SavedIndex> damaged = inventory.indexes().stream()
                    .filter(index -> index.damage().isPresent())
                    .findFirst();
            if (verify && damaged.isPresent()) {
                throw new IOException(damaged.get().damage().orElseThrow());
            }
        }
        return 0;
    }

    private void print(CandidateSnapshot candidates, SetInventory inventory, PrintWriter out) throws IOException {
        CandidateLayout layout = candidates.layout();
        int[] labels = new int[layout.classNames().size()];
        Map<String, Integer> tags = new TreeMap<>();
        candidates.ids().forEach(id -> {
            labels[candidates.label(id)]++;
            candidates.tags(id).forEach(tag -> tags.merge(tag, 1, Integer::sum));
        });
        out.printf("candidate set  %s%n", place.folder());
        out.printf(
                "candidates     %s: %s in the base, less %s, plus %s added or changed since%n",
                candidates.size(),
                candidates.base().size(),
                candidates.hiddenSinceCompaction(),
                candidates.addedSinceCompaction());
        out.printf("keys           %s numbers%n", layout.keyDimension());
        out.printf("features       %s numbers%n", layout.featureDimension());
        out.printf("thumbnails     %sx%s%n", layout.imageHeight(), layout.imageWidth());
        out.printf("extractor      %s%n", layout.extractorChecksum());
        out.printf("generation     %s%n", candidates.base().generation());
        printEngine(candidates, out);
        String title = "indexes";
        for (SavedIndex index : inventory.indexes()) {
            String damage = index.damage().map(" damaged: "::concat).orElse("");
            out.printf("%-13s  %s%s%n", title, index.name(), damage);
            title = "";
        }
        long candidateBytes = candidates.base().bytes();
        out.printf(
                "bytes          %s: %s of the base, %s of indexes, %s of changes since%s%n",
                candidateBytes + inventory.indexBytes() + inventory.changeBytes(),
                candidateBytes,
                inventory.indexBytes(),
                inventory.changeBytes(),
                verify ? "; the base is as it was written" : "");
        out.printf("%n%-5s  %10s  %s%n", "label", "candidates", "class");
        for (int label = 0; label < labels.length; label++) {
            out.printf(
                    "%5s  %10s  %s%n", label, labels[label], layout.classNames().get(label));
        }
        if (!tags.isEmpty()) {
            out.printf("%n%-16s  %10s%n", "tag", "candidates");
            tags.forEach((tag, count) -> out.printf("%-16s  %10s%n", tag, count));
        }
    }

    /** The engine that the bundle answers with; a candidate set by itself names none. */
    private void printEngine(CandidateSnapshot candidates, PrintWriter out) throws IOException {
        if (Files.exists(place.model().resolve(BundleDescription.FILE))) {
            EngineFactory engine =
                    EngineFactory.parse(BundleDescription.read(place.model()).engine());
            EngineFactory chosen = engine.chosenFor(candidates.base());
            out.printf("engine         %s%s%n", chosen, chosen.equals(engine) ? "" : ", chosen by " + engine);
        }
    }
}
