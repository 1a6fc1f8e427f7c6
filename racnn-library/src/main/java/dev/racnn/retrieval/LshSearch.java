package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Locality-sensitive hashing for Euclidean distance (Datar et al., section 3.2): h(x) = floor((a.x + b) / w) with Gaussian
 * a and uniform b; a table's bucket is given by m such functions, and L tables are looked up, each in several buckets.
 * A candidate is proposed for the number of looked-up buckets that hold it: the nearer it is, the more they are expected to
 * be. Counting needs no distances, so the index keeps no keys.
 */
final class LshSearch implements RowSearch {
    private static final int WIDTH_QUERIES = 100;
    private static final int WIDTH_CANDIDATES = 50_000;
    private static final int WIDTH_RANK = 10;
    private static final String FUNCTIONS = "functions.bin";
    private static final String OFFSETS = "offsets.bin";

    private final Lsh settings;
    private final LinearMap functions;
    private final float[] offsets;
    private final long[] multipliers;
    private final int[][] probes;

    /** For each table: where each bucket starts in the list of rows, [buckets + 1]. */
    private final int[][] starts;

    /** For each table: the rows by bucket. */
    private final int[][] rows;

    /** Queries so far, each of which draws tables of its own. */
    private final AtomicLong asked = new AtomicLong();

    private final ConcurrentLinkedQueue<CollisionCounts> idleCounts = new ConcurrentLinkedQueue<>();

    private LshSearch(Lsh settings, LinearMap functions, float[] offsets, int[][] starts, int[][] rows) {
        this.settings = settings;
        this.functions = functions;
        this.offsets = offsets;
        this.starts = starts;
        this.rows = rows;
        this.probes = ProbeSequence.of(settings.bits(), settings.probes() - 1);
        RandomGenerator random = random(~settings.approximation().seed());
        this.multipliers = random.longs(settings.bits()).map(value -> value | 1).toArray();
    }

    static LshSearch build(KeySource source, Lsh settings, Workers workers) throws IOException {
        int outputs = settings.tables() * settings.bits();
        double width = settings.width() * distanceToTenth(source, workers);
        RandomGenerator random = random(settings.approximation().seed());
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
                settings,
                new LinearMap(source.dimension(), outputs, functions),
                offsets,
                new int[settings.tables()][buckets + 1],
                new int[settings.tables()][source.size()]);
        search.fill(source, workers);
        return search;
    }

    static LshSearch open(IndexFolder saved, KeySource source, Lsh settings) throws IOException {
        int[][] starts = new int[settings.tables()][];
        int[][] rows = new int[settings.tables()][];
        for (int table = 0; table < settings.tables(); table++) {
            starts[table] = saved.ints(startsName(table));
            rows[table] = saved.ints(rowsName(table));
        }
        LinearMap functions =
                new LinearMap(source.dimension(), settings.tables() * settings.bits(), saved.floats(FUNCTIONS));
        return new LshSearch(settings, functions, saved.floats(OFFSETS), starts, rows);
    }

    @Override
    public int wanted(int k, boolean projected) {
        return Math.max(k, settings.approximation().shortlist());
    }

    @Override
    public int[][] search(float[] queries, int count, int wanted, IntPredicate accepted, Workers workers) {
        float[] places = functions.apply(queries, count, workers);
        int[][] found = new int[count][];
        long before = asked.getAndAdd(count);
        workers.forEach(count, query -> {
            CollisionCounts counts = idleCounts.poll();
            if (counts == null) {
                counts = new CollisionCounts(rows[0].length, settings.tables() * settings.probes());
            }
            int[] tables = tables(before + query);
            int[] buckets = buckets(places, query * functions.outputs(), tables);
            counts.count(some(rows, tables), some(starts, tables), buckets);
            found[query] = counts.most(wanted, accepted);
            idleCounts.add(counts);
        });
        return found;
    }

    @Override
    public boolean deterministic() {
        return settings.drawn() == 0;
    }

    /** The tables that the query of this number looks up. */
    private int[] tables(long number) {
        int[] tables = IntStream.range(0, settings.tables()).toArray();
        if (deterministic()) {
            return tables;
        }
        RandomGenerator random = random(settings.approximation().seed() * 0x9E3779B97F4A7C15L + number);
        for (int i = 0; i < settings.drawn(); i++) {
            int other = random.nextInt(i, tables.length);
            int table = tables[other];
            tables[other] = tables[i];
            tables[i] = table;
        }
        int[] drawn = Arrays.copyOf(tables, settings.drawn());
        Arrays.sort(drawn);
        return drawn;
    }

    private static int[][] some(int[][] all, int... tables) {
        return tables.length == all.length
                ? all
                : IntStream.of(tables).mapToObj(table -> all[table]).toArray(int[][]::new);
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

    /** The buckets to look up for a query in some tables, [tables, probes]. */
    private int[] buckets(float[] places, int at, int... tables) {
        int m = settings.bits();
        int[] buckets = new int[tables.length * (1 + probes.length)];
        Cell cell = new Cell(m);
        int next = 0;
        for (int table : tables) {
            long hash = cell.enter(places, at + table * m, offsets, table * m, multipliers);
            buckets[next++] = bucket(hash);
            for (int[] ranks : probes) {
                long probe = hash;
                for (int rank : ranks) {
                    int function = cell.order[Math.min(rank, 2 * m - 1 - rank)];
                    boolean lower = (cell.nearer[function] >= 0) == (rank < m);
                    probe += lower ? -multipliers[function] : multipliers[function];
                }
                buckets[next++] = bucket(probe);
            }
        }
        return buckets;
    }

    private int bucket(long hash) {
        long mixed = hash * 0x9E3779B97F4A7C15L;
        return (int) ((mixed ^ (mixed >>> 29)) >>> 20) & (starts[0].length - 2);
    }

    /** Sorts the rows of every table by bucket. */
    private void fill(KeySource source, Workers workers) throws IOException {
        int tables = settings.tables();
        int m = settings.bits();
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

    /** The mean distance of sampled keys to their 10th neighbour among sampled candidates; 1 if that is 0. */
    private static double distanceToTenth(KeySource source, Workers workers) {
        int dimension = source.dimension();
        float[] queries = source.sample(WIDTH_QUERIES, workers);
        float[] candidates = source.sample(WIDTH_CANDIDATES, workers);
        double[] distances = new double[queries.length / dimension];
        workers.forEach(distances.length, query -> {
            // The sampled key is most often among the candidates, so its own distance of 0 comes first.
            NearestList nearest = new NearestList(Math.min(WIDTH_RANK + 1, candidates.length / dimension));
            for (int at = 0; at < candidates.length; at += dimension) {
                nearest.offer(
                        at / dimension,
                        SquaredDistance.roughlyBetween(queries, query * dimension, candidates, at, dimension));
            }
            distances[query] = Math.sqrt(nearest.farthest());
        });
        double mean = Arrays.stream(distances).average().orElseThrow();
        return mean > 0 ? mean : 1;
    }

    private static String startsName(int table) {
        return String.format(Locale.ROOT, "table-%04d-starts.bin", table);
    }

    private static String rowsName(int table) {
        return String.format(Locale.ROOT, "table-%04d-rows.bin", table);
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** Where a query lies within its cell of a table. */
    private static final class Cell {
        /** For each function the way to the nearer boundary of its cell: positive to the lower, negative to the upper one. */
        private final float[] nearer;

        /** The functions, the one whose boundary is nearest first. */
        private final int[] order;

        Cell(int functions) {
            this.nearer = new float[functions];
            this.order = new int[functions];
        }

        /** Takes the query's place under each function and returns the hash of its cell. */
        long enter(float[] places, int at, float[] offsets, int offsetsAt, long[] multipliers) {
            long hash = 0;
            for (int i = 0; i < order.length; i++) {
                float place = places[at + i] + offsets[offsetsAt + i];
                float cell = (float) Math.floor(place);
                hash += multipliers[i] * (long) cell;
                float within = place - cell;
                nearer[i] = within < 0.5f ? within : within - 1;
                int position = i;
                while (position > 0 && Math.abs(nearer[order[position - 1]]) > Math.abs(nearer[i])) {
                    order[position] = order[position - 1];
                    position--;
                }
                order[position] = i;
            }
            return hash;
        }
    }
}
