package dev.racnn.cli.bench;

import dev.racnn.bench.AnnBenchmarksFile;
import dev.racnn.bench.GeneratedKeys;
import dev.racnn.bench.VectorFile;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.cli.options.CandidateSetPlace;
import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.Neighbours;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which keys a command measures engines on, and with which queries. */
public final class VectorOptions {
    private static final Pattern SHAPE = Pattern.compile("([1-9]\\d{0,8})x([1-9]\\d{0,8})");
    private static final int CLUSTERS = 300;
    private static final int INTRINSIC_DIMENSION = 12;

    @ArgGroup(exclusive = true)
    private Source source = new Source();

    @Option(
            names = "--queries",
            paramLabel = "FILE",
            description =
                    "Queries, .fvecs or .npy; by default those of an .hdf5 file, else every n-th key is taken out and"
                            + " asked for.")
    private @Nullable Path queries;

    @Option(
            names = "--query-count",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Queries at most (default: ${DEFAULT-VALUE}).")
    private int queryCount;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of generated keys (default: ${DEFAULT-VALUE}).")
    private long seed;

    VectorOptions() {}

    /** Where the keys come from. */
    static final class Source {
        @Option(
                names = "--keys",
                paramLabel = "FILE",
                description = "Keys, .fvecs, .npy, or an .hdf5 file of ann-benchmarks with its queries and their true"
                        + " neighbours.")
        private @Nullable Path keys;

        @Option(
                names = {"--model", "--candidates"},
                paramLabel = "BUNDLE",
                description =
                        "The keys of the candidate set of a bundle, or of the folder of a candidate set itself, as"
                                + " it is now.")
        private @Nullable Path candidates;

        @Option(
                names = "--generate",
                paramLabel = "NxD",
                description = "N keys of D components drawn from " + CLUSTERS + " Gaussians of intrinsic dimension "
                        + INTRINSIC_DIMENSION + " (default: 50000x128).")
        private String generate = "50000x128";

        Source() {}
    }

    /**
     * Keys and queries.
     *
     * @param description where they come from
     * @param queries row-major [n, dimension]
     * @param truth the true neighbours of the queries, or null if they are not known
     */
    public record Vectors(
            String description,
            ArrayKeys keys,
            float[] queries,
            @Nullable Neighbours truth) {}

    /** Whether some keys of a candidate set are asked for, and therefore not searched. */
    boolean takesQueriesOut() {
        return source.candidates != null && queries == null;
    }

    /**
     * Reads or makes the keys and queries.
     *
     * @throws IllegalArgumentException if an option is out of range
     * @throws IOException if a file cannot be read
     */
    Vectors read() throws IOException {
        if (queryCount < 1) {
            throw new IllegalArgumentException("--query-count must be at least 1, but was " + queryCount);
        }
        if (source.keys != null && AnnBenchmarksFile.isOne(source.keys)) {
            if (queries != null) {
                throw new IllegalArgumentException(
                        "--queries cannot be combined with %s, which brings its own; leave out --queries"
                                .formatted(source.keys));
            }
            AnnBenchmarksFile file = AnnBenchmarksFile.read(source.keys, queryCount);
            return new Vectors(source.keys.toString(), file.keys(), file.queries(), file.truth());
        }
        if (source.keys != null) {
            VectorFile file = VectorFile.read(source.keys);
            return split(source.keys.toString(), ArrayKeys.numbered(file.values(), file.dimension()));
        }
        if (source.candidates != null) {
            return split(source.candidates.toString(), present(CandidateSetPlace.in(source.candidates)));
        }
        return generated();
    }

    private Vectors generated() {
        Matcher shape = SHAPE.matcher(source.generate);
        if (!shape.matches()) {
            throw new IllegalArgumentException(
                    "--generate must be a number of keys and a dimension, each from 1 to 999999999, such as 50000x128,"
                            + " but was "
                            + source.generate);
        }
        int dimension = Integer.parseInt(shape.group(2));
        GeneratedKeys generator = new GeneratedKeys(dimension, CLUSTERS, INTRINSIC_DIMENSION, seed);
        float[] keys = generator.draw(Integer.parseInt(shape.group(1)), seed + 1);
        return new Vectors(
                "generated " + source.generate + ", seed " + seed,
                ArrayKeys.numbered(keys, dimension),
                generator.draw(queryCount, seed + 2),
                null);
    }

    private Vectors split(String description, Keys all) throws IOException {
        int dimension = all.dimension();
        if (queries != null) {
            VectorFile file = VectorFile.read(queries);
            if (file.dimension() != dimension) {
                throw new IllegalArgumentException("%s holds vectors of dimension %s, but the keys have %s"
                        .formatted(queries, file.dimension(), dimension));
            }
            int count = Math.min(queryCount, file.size());
            float[] asked = new float[count * dimension];
            System.arraycopy(file.values(), 0, asked, 0, asked.length);
            return new Vectors(description + ", queries " + queries, copy(all, all.size() + 1), asked, null);
        }
        if (all.size() < 2) {
            throw new IllegalArgumentException("%s must hold at least 2 keys".formatted(description));
        }
        int step = Math.max(2, all.size() / queryCount);
        float[] asked = new float[Math.min(queryCount, all.size() / step) * dimension];
        for (int query = 0; query < asked.length / dimension; query++) {
            all.copyKey((query + 1) * step - 1, asked, query * dimension);
        }
        return new Vectors(description + ", every " + step + "th key asked for", copy(all, step), asked, null);
    }

    /** The keys of a candidate set with its changes. */
    private static Keys present(Path set) throws IOException {
        try (CandidateSnapshot snapshot = CandidateSnapshot.open(set)) {
            if (snapshot.hiddenSinceCompaction() == 0 && snapshot.addedSinceCompaction() == 0) {
                return snapshot.base();
            }
            int dimension = snapshot.dimension();
            long[] ids = snapshot.ids().toArray();
            float[] values = new float[Math.multiplyExact(ids.length, dimension)];
            for (int i = 0; i < ids.length; i++) {
                System.arraycopy(snapshot.candidate(ids[i]).key(), 0, values, i * dimension, dimension);
            }
            return new ArrayKeys(ids, values, dimension);
        }
    }

    /** The keys but every {@code step}-th one. */
    private static ArrayKeys copy(Keys all, int step) {
        int dimension = all.dimension();
        int kept = all.size() - all.size() / step;
        float[] values = new float[Math.multiplyExact(kept, dimension)];
        long[] ids = new long[kept];
        int next = 0;
        for (int row = 0; row < all.size(); row++) {
            if ((row + 1) % step != 0) {
                all.copyKey(row, values, next * dimension);
                ids[next++] = all.id(row);
            }
        }
        return new ArrayKeys(ids, values, dimension);
    }
}
