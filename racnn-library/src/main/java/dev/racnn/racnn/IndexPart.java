package dev.racnn.racnn;

import dev.racnn.Part;
import dev.racnn.candidates.CandidateSet;
import dev.racnn.candidates.CandidateSetWriter;
import dev.racnn.data.Dataset;
import dev.racnn.data.Fingerprint;
import dev.racnn.data.Subset;
import dev.racnn.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A share of a candidate set that several processes or machines compute, in a folder of its own: a candidate set, and beside
 * it what it is a share of.
 *
 * @param number which share, from 1
 * @param of how many shares there are
 * @param source what tells the images that all shares are made from, and the precision
 */
public record IndexPart(int number, int of, String source) {
    private static final String FILE = "part.json";
    private static final int LOOKED_AT = 1000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Computes a share of the candidates of a bundle. Goes on with an interrupted build of the same images.
     *
     * @param data D', un-augmented; candidate ids are indices into it
     * @param folder of this share
     * @param done is told how many candidates of the share are finished
     */
    public static CandidateSet build(Bundle bundle, Dataset data, Part part, Path folder, IntConsumer done)
            throws IOException {
        String source = source(data) + " in " + bundle.precision();
        Files.createDirectories(folder);
        // Which images all shares are made from, no share tells: it looks at its own alone.
        CandidateSet set = build(bundle, data, part, folder, ", part %s of %s".formatted(part, source), _ -> {}, done);
        IndexPart own = new IndexPart(part.number(), part.of(), source);
        AtomicFile.write(folder.resolve(FILE), JSON.writeValueAsString(own));
        return set;
    }

    /**
     * What tells the images of all shares from those of another build: all labels, and some of the images, which every share reads
     * beside its own. To read all would take longer than a small share does.
     */
    private static String source(Dataset data) {
        CRC32C labels = new CRC32C();
        for (int i = 0; i < data.size(); i++) {
            labels.update(data.label(i));
        }
        return "%s images, labels %08x, and of some of them %s"
                .formatted(
                        data.size(),
                        labels.getValue(),
                        Fingerprint.of(Subset.spread(data, LOOKED_AT), _ -> {}).sha256());
    }

    /** Computes a share, or {@link Part#WHOLE}, without a note beside it. */
    static CandidateSet build(
            Bundle bundle,
            Dataset data,
            Part part,
            Path folder,
            String source,
            Consumer<Fingerprint> seen,
            IntConsumer done)
            throws IOException {
        bundle.description().requireClasses(data.classNames());
        int batches = Math.ceilDiv(data.size(), Indexing.BATCH);
        int begin = part.begin(batches) * Indexing.BATCH;
        int end = Math.min(part.end(batches) * Indexing.BATCH, data.size());
        if (begin == end) {
            throw new IllegalArgumentException(
                    "part %s of %s candidates is empty; share them among fewer processes".formatted(part, data.size()));
        }
        return bundle.indexing().build(folder, data, begin, end, source, seen, done);
    }

    /**
     * Joins all shares to the candidate set of a bundle, which replaces the one that it has.
     *
     * @param folders of the shares, in any order
     * @throws IllegalArgumentException if they are not all shares of one set, each once
     * @throws IOException if one was made by other networks, is unfinished or damaged
     */
    public static CandidateSet merge(Bundle bundle, List<Path> folders) throws IOException {
        List<Found> found = new ArrayList<>();
        for (Path folder : folders) {
            found.add(new Found(folder, read(folder)));
        }
        found.sort(Comparator.comparingInt(each -> each.part.number));
        Found first = found.getFirst();
        for (int i = 0; i < found.size(); i++) {
            Found each = found.get(i);
            if (each.part.of != first.part.of || !each.part.source.equals(first.part.source)) {
                throw new IllegalArgumentException(
                        "%s holds part %s of %s, but %s part %s of %s; join parts of one build"
                                .formatted(
                                        each.folder,
                                        each.part.share(),
                                        each.part.source,
                                        first.folder,
                                        first.part.share(),
                                        first.part.source));
            }
            if (each.part.number != i + 1) {
                throw new IllegalArgumentException("there must be each of %s parts once, but part %s is %s"
                        .formatted(first.part.of, i + 1, each.part.number > i + 1 ? "missing" : "given twice"));
            }
        }
        if (found.size() < first.part.of) {
            throw new IllegalArgumentException(
                    "there must be %s parts, but part %s is missing".formatted(first.part.of, found.size() + 1));
        }
        return join(bundle, found);
    }

    private static CandidateSet join(Bundle bundle, List<Found> found) throws IOException {
        try (CandidateSetWriter writer = CandidateSetWriter.create(bundle.candidatesPlace(), bundle.layout())) {
            for (Found each : found) {
                CandidateSet set = CandidateSet.open(each.folder);
                bundle.requireFitting(set.layout());
                for (int row = 0; row < set.size(); row++) {
                    writer.add(set.candidate(row));
                }
            }
            return writer.finish();
        }
    }

    private static IndexPart read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    "%s holds no finished part of a candidate set: it has no %s; make it with `racnn index build --part`"
                            .formatted(folder, FILE));
        }
        try {
            return JSON.readValue(Files.readString(file), IndexPart.class);
        } catch (JacksonException e) {
            throw new IOException("%s is damaged: %s; build the part again".formatted(file, e.getOriginalMessage()), e);
        }
    }

    private String share() {
        return number + "/" + of;
    }

    /** A share and where it lies. */
    private record Found(Path folder, IndexPart part) {}
}
