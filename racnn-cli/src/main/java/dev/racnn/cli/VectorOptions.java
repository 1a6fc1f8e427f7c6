package dev.racnn.cli;

import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.CandidateSet;
import dev.racnn.retrieval.GeneratedKeys;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.VectorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which keys a command measures engines on, and with which queries. */
final class VectorOptions {
    private static final Pattern SHAPE = Pattern.compile("(\\d+)x(\\d+)");
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

        @Option(names = "--candidates", paramLabel = "DIR", description = "The keys of a candidate set.")
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
    record Vectors(
            String description,
            ArrayKeys keys,
            float[] queries,
            @Nullable Neighbours truth) {}

    /** @throws IOException if a file cannot be read */
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
            return split(source.candidates.toString(), CandidateSet.open(source.candidates));
        }
        Matcher shape = SHAPE.matcher(source.generate);
        if (!shape.matches()) {
            throw new IllegalArgumentException(
                    "--generate must be a number of keys and a dimension such as 50000x128, but was "
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
                throw new IllegalArgumentException("%s holds vectors of dimension %d, but the keys have %d"
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
