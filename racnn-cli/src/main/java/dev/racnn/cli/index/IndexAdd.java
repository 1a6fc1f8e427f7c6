package dev.racnn.cli.index;

import dev.racnn.candidates.Candidate;
import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.candidates.Change;
import dev.racnn.candidates.LiveCandidateSet;
import dev.racnn.cli.options.CandidateSetPlace;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.data.ImageFile;
import dev.racnn.data.ImageSize;
import dev.racnn.data.InMemoryDataset;
import dev.racnn.racnn.Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code racnn index add}: makes images candidates. */
@Command(name = "add", description = "Makes images candidates of a class; prints the id that each of them gets.")
final class IndexAdd implements Callable<Integer> {
    /** Images that go through the networks together. */
    private static final int BATCH = 128;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CandidateSetPlace place;

    @Mixin
    private ComputeOptions compute;

    @Option(names = "--label", paramLabel = "CLASS", required = true, description = "Name of the images' class.")
    private String label;

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            converter = TagConverter.class,
            description = "A word to find the images by later, such as where they come from. May be repeated.")
    private List<String> tags = new ArrayList<>();

    @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "PNG or JPEG files.")
    private List<Path> images;

    IndexAdd() {}

    @Override
    public Integer call() throws IOException {
        compute.apply();
        try (Bundle bundle = compute.open(place.model());
                LiveCandidateSet live = LiveCandidateSet.open(place.folder())) {
            CandidateLayout layout = live.layout();
            bundle.requireFitting(layout);
            int number = CandidateSetPlace.label(layout, label);
            for (int start = 0; start < images.size(); start += BATCH) {
                List<Path> batch = images.subList(start, Math.min(start + BATCH, images.size()));
                List<Change> additions = additions(bundle, batch, number, nextId(live));
                live.apply(additions);
                for (int i = 0; i < batch.size(); i++) {
                    spec.commandLine()
                            .getOut()
                            .printf("%s  %s%n", additions.get(i).id(), batch.get(i));
                }
            }
        }
        return 0;
    }

    private List<Change> additions(Bundle bundle, List<Path> batch, int number, long firstId) throws IOException {
        ImageSize size = bundle.description().imageSize();
        byte[] pixels = new byte[batch.size() * size.bytes()];
        for (int i = 0; i < batch.size(); i++) {
            System.arraycopy(
                    ImageFile.read(batch.get(i), bundle.description().preprocessing()),
                    0,
                    pixels,
                    i * size.bytes(),
                    size.bytes());
        }
        int[] labels = new int[batch.size()];
        Arrays.fill(labels, number);
        InMemoryDataset data = new InMemoryDataset(size, bundle.description().classNames(), labels, pixels);
        List<Change> additions = new ArrayList<>();
        for (Candidate made : bundle.candidates(data, 0, batch.size())) {
            long id = firstId + additions.size();
            additions.add(new Change.Add(
                    new Candidate(id, number, made.key(), made.feature(), made.thumbnail(), Set.copyOf(tags))));
        }
        return additions;
    }

    private static long nextId(LiveCandidateSet live) {
        try (CandidateSnapshot present = live.snapshot()) {
            return present.firstFreeId();
        }
    }
}
