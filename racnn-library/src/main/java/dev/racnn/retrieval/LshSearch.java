package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Locality-sensitive hashing for Euclidean distance (Datar et al., section 3.2): h(x) = floor((a.x + b) / w) with Gaussian
 * a and uniform b; a table's bucket is given by m such functions, and L tables are looked up, each in several buckets.
 * What the buckets hold is ranked by its distance in the space of the index.
 */
final class LshSearch implements RowSearch {
    private static final int WIDTH_QUERIES = 100;
    private static final int WIDTH_CANDIDATES = 50_000;
    private static final int WIDTH_RANK = 10;
    private static final String FUNCTIONS = "functions.bin";
    private static final String OFFSETS = "offsets.bin";

    private final EngineSpec.Lsh spec;
    private final int dimension;
    private final LinearMap functions;
    private final float[] offsets;
    private final long[] multipliers;
    private final int[][] probes;
    private final float[] keys;

    /** For each table: where each bucket starts in the list of rows, [buckets + 1]. */
    private final int[][] starts;

    /** For each table: the rows by bucket. */
    private final int[][] rows;

    private final ConcurrentLinkedQueue<Visits> idleVisits = new ConcurrentLinkedQueue<>();

    private LshSearch(
            EngineSpec.Lsh spec, LinearMap functions, float[] offsets, float[] keys, int[][] starts, int[][] rows) {
        this.spec = spec;
        this.dimension = functions.inputs();
        this.functions = functions;
        this.offsets = offsets;
        this.keys = keys;
        this.starts = starts;
        this.rows = rows;
        this.probes = ProbeSequence.of(spec.bits(), spec.probes() - 1);
        RandomGenerator random = random(~spec.seed());
        this.multipliers = random.longs(spec.bits()).map(value -> value | 1).toArray();
    }

    static LshSearch build(KeySource source, EngineSpec.Lsh spec, Workers workers) throws IOException {
        float[] keys = readAll(source, workers);
        int outputs = spec.tables() * spec.bits();
        double width = spec.width() * distanceToTenth(source, workers);
        RandomGenerator random = random(spec.seed());
        float[] functions = new float[Math.multiplyExact(outputs, source.dimension())];
        for (int i = 0; i < functions.length; i++) {
            functions[i] = (float) (random.nextGaussian() / width);
        }
        float[] offsets = new float[outputs];
        for (int i = 0; i < outputs; i++) {
            offsets[i] = random.nextFloat();
        }
        int buckets = Integer.highestOneBit(Math.max(1, source.size() - 1)) << 1;
        LshSearch search = new LshSearch(
                spec,
                new LinearMap(source.dimension(), outputs, functions),
                offsets,
                keys,
                new int[spec.tables()][buckets + 1],
                new int[spec.tables()][source.size()]);
        search.fill(source, workers);
        return search;
    }

    static LshSearch open(IndexFolder saved, KeySource source, EngineSpec.Lsh spec, Workers workers)
            throws IOException {
        int[][] starts = new int[spec.tables()][];
        int[][] rows = new int[spec.tables()][];
        for (int table = 0; table < spec.tables(); table++) {
            starts[table] = saved.ints(startsName(table));
            rows[table] = saved.ints(rowsName(table));
        }
        LinearMap functions = new LinearMap(source.dimension(), spec.tables() * spec.bits(), saved.floats(FUNCTIONS));
        return new LshSearch(spec, functions, saved.floats(OFFSETS), readAll(source, workers), starts, rows);
    }

    @Override
    public int wanted(int k, boolean projected) {
        return Math.max(k, spec.shortlist());
    }

    @Override
    public int[][] search(float[] queries, int count, int wanted, IntPredicate accepted, Workers workers) {
        float[] places = functions.apply(queries, count, workers);
        int[][] found = new int[count][];
        workers.forEach(count, query -> {
            Visits visits = idleVisits.poll();
            if (visits == null) {
                visits = new Visits(keys.length / dimension, spec.bits());
            }
            Shortlist list = new Shortlist(wanted);
            visits.begin(list);
            for (int table = 0; table < spec.tables(); table++) {
                lookUp(table, queries, query, places, accepted, visits);
            }
            found[query] = list.rows();
            idleVisits.add(visits);
        });
        return found;
    }

    @Override
    public void save(IndexFolder.Writer folder) throws IOException {
        folder.floats(FUNCTIONS, functions.rows());
        folder.floats(OFFSETS, offsets);
        for (int table = 0; table < starts.length; table++) {
            folder.ints(startsName(table), starts[table]);
            folder.ints(rowsName(table), rows[table]);
        }
    }

    @Override
    public void close() {
        // Holds nothing but memory.
    }

    private void lookUp(int table, float[] queries, int query, float[] places, IntPredicate accepted, Visits visits) {
        int m = spec.bits();
        int at = query * spec.tables() * m + table * m;
        float[] nearer = visits.nearer;
        int[] order = visits.order;
        long hash = 0;
        for (int i = 0; i < m; i++) {
            float place = places[at + i] + offsets[table * m + i];
            float cell = (float) Math.floor(place);
            hash += multipliers[i] * (long) cell;
            // Positive: the lower boundary is nearer; negative: the upper one.
            float within = place - cell;
            nearer[i] = within < 0.5f ? within : within - 1;
            int position = i;
            while (position > 0 && Math.abs(nearer[order[position - 1]]) > Math.abs(nearer[i])) {
                order[position] = order[position - 1];
                position--;
            }
            order[position] = i;
        }
        look(table, hash, queries, query, accepted, visits);
        for (int[] ranks : probes) {
            long probe = hash;
            for (int rank : ranks) {
                int function = order[Math.min(rank, 2 * m - 1 - rank)];
                boolean lower = (nearer[function] >= 0) == (rank < m);
                probe += lower ? -multipliers[function] : multipliers[function];
            }
            look(table, probe, queries, query, accepted, visits);
        }
    }

    private void look(int table, long hash, float[] queries, int query, IntPredicate accepted, Visits visits) {
        int bucket = bucket(hash);
        int[] members = rows[table];
        int end = starts[table][bucket + 1];
        for (int i = starts[table][bucket]; i < end; i++) {
            int row = members[i];
            if (visits.isFirst(row) && accepted.test(row)) {
                float distance =
                        SquaredDistance.roughlyBetween(queries, query * dimension, keys, row * dimension, dimension);
                if (distance <= visits.list.limit()) {
                    visits.list.add(row, distance, distance);
                }
            }
        }
    }

    private int bucket(long hash) {
        long mixed = hash * 0x9E3779B97F4A7C15L;
        return (int) ((mixed ^ (mixed >>> 29)) >>> 20) & (starts[0].length - 2);
    }

    /** Sorts the rows of every table by bucket. */
    private void fill(KeySource source, Workers workers) throws IOException {
        int tables = spec.tables();
        int m = spec.bits();
        int[][] buckets = new int[tables][source.size()];
        source.forEachBlock(workers, (first, count, block) -> {
            float[] places = functions.apply(block, count, workers);
            workers.forEach(tables, table -> {
                for (int i = 0; i < count; i++) {
                    long hash = 0;
                    for (int j = 0; j < m; j++) {
                        float place = places[(i * tables + table) * m + j] + offsets[table * m + j];
                        hash += multipliers[j] * (long) Math.floor(place);
                    }
                    buckets[table][first + i] = bucket(hash);
                }
            });
        });
        workers.forEach(tables, table -> {
            int[] start = starts[table];
            for (int bucket : buckets[table]) {
                start[bucket + 1]++;
            }
            for (int bucket = 1; bucket < start.length; bucket++) {
                start[bucket] += start[bucket - 1];
            }
            int[] next = start.clone();
            for (int row = 0; row < buckets[table].length; row++) {
                rows[table][next[buckets[table][row]]++] = row;
            }
        });
    }

    private static float[] readAll(KeySource source, Workers workers) throws IOException {
        int dimension = source.dimension();
        float[] keys = new float[Math.multiplyExact(source.size(), dimension)];
        source.forEachBlock(
                workers,
                (first, count, block) -> System.arraycopy(block, 0, keys, first * dimension, count * dimension));
        return keys;
    }

    /** The mean distance of sampled keys to their 10th neighbour among sampled candidates; 1 if that is 0. */
    private static double distanceToTenth(KeySource source, Workers workers) {
        int dimension = source.dimension();
        float[] queries = source.sample(WIDTH_QUERIES, workers);
        float[] candidates = source.sample(WIDTH_CANDIDATES, workers);
        double[] distances = new double[queries.length / dimension];
        workers.forEach(distances.length, query -> {
            // The sampled key is most often among the candidates, so its own distance of 0 comes first.
            Shortlist list = new Shortlist(Math.min(WIDTH_RANK + 1, candidates.length / dimension));
            for (int at = 0; at < candidates.length; at += dimension) {
                float distance = SquaredDistance.roughlyBetween(queries, query * dimension, candidates, at, dimension);
                if (distance <= list.limit()) {
                    list.add(at / dimension, distance, distance);
                }
            }
            distances[query] = Math.sqrt(list.limit());
        });
        double mean = Arrays.stream(distances).average().orElseThrow();
        return mean > 0 ? mean : 1;
    }

    private static String startsName(int table) {
        return "table-%04d-starts.bin".formatted(table);
    }

    private static String rowsName(int table) {
        return "table-%04d-rows.bin".formatted(table);
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** What one query has seen already, and room for its hash values. */
    private static final class Visits {
        private final int[] seen;
        private final float[] nearer;
        private final int[] order;
        private Shortlist list = new Shortlist(1);
        private int query;

        Visits(int candidates, int functions) {
            this.seen = new int[candidates];
            this.nearer = new float[functions];
            this.order = new int[functions];
        }

        void begin(Shortlist newList) {
            list = newList;
            query++;
            if (query == Integer.MAX_VALUE) {
                Arrays.fill(seen, 0);
                query = 1;
            }
        }

        boolean isFirst(int row) {
            if (seen[row] == query) {
                return false;
            }
            seen[row] = query;
            return true;
        }
    }
}
