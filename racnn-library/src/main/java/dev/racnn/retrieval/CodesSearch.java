package dev.racnn.retrieval;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Binary codes (Charikar, STOC 2002): bit i of a key's code is the side of a random hyperplane through the mean on which
 * it lies. The angle between two keys, seen from the mean, shows in the Hamming distance of their codes; the candidates
 * whose codes are nearest are proposed.
 *
 * <p>Codes lie in blocks of 8 candidates, word by word, so that one vector instruction works on one word of each.
 */
final class CodesSearch implements RowSearch {
    private static final int BLOCK = 8;
    private static final String HYPERPLANES = "hyperplanes.bin";
    private static final String OFFSETS = "offsets.bin";
    private static final String CODES = "codes.bin";

    private static final VectorSpecies<Long> SPECIES =
            LongVector.SPECIES_PREFERRED.length() > BLOCK ? LongVector.SPECIES_512 : LongVector.SPECIES_PREFERRED;

    private final Codes settings;
    private final Keys keys;

    /** Whether the first of some rows are those of the lowest ids. */
    private final boolean idsAscend;

    private final LinearMap hyperplanes;
    private final float[] offsets;
    private final long[] codes;

    private CodesSearch(Codes settings, Keys keys, LinearMap hyperplanes, float[] offsets, long[] codes) {
        this.settings = settings;
        this.keys = keys;
        this.idsAscend = IntStream.range(1, keys.size()).allMatch(row -> keys.id(row - 1) < keys.id(row));
        this.hyperplanes = hyperplanes;
        this.offsets = offsets;
        this.codes = codes;
    }

    static CodesSearch build(Keys keys, KeySource source, Codes settings, Workers workers) throws IOException {
        LinearMap hyperplanes = LinearMap.gaussian(
                source.dimension(), settings.bits(), ~settings.approximation().seed());
        float[] offsets = hyperplanes.apply(source.sampleMean(workers), 1, workers);
        int words = settings.bits() / Long.SIZE;
        long[] codes = new long[Math.multiplyExact(Math.ceilDiv(source.size(), BLOCK) * BLOCK, words)];
        CodesSearch search = new CodesSearch(settings, keys, hyperplanes, offsets, codes);
        source.forEachBlock(workers, (first, count, block) -> {
            float[] sides = hyperplanes.apply(block, count, workers);
            for (int i = 0; i < count; i++) {
                long[] code = search.code(sides, i);
                int row = first + i;
                for (int word = 0; word < words; word++) {
                    codes[(row / BLOCK * words + word) * BLOCK + row % BLOCK] = code[word];
                }
            }
        });
        return search;
    }

    static CodesSearch open(IndexFolder saved, Keys keys, KeySource source, Codes settings) throws IOException {
        LinearMap hyperplanes = new LinearMap(source.dimension(), settings.bits(), saved.floats(HYPERPLANES));
        return new CodesSearch(settings, keys, hyperplanes, saved.floats(OFFSETS), saved.longs(CODES));
    }

    @Override
    public int wanted(int k, boolean projected) {
        return Math.max(k, settings.approximation().shortlist());
    }

    @Override
    public int[][] search(float[] queries, int count, int wanted, IntPredicate accepted, Workers workers) {
        float[] sides = hyperplanes.apply(queries, count, workers);
        int[][] found = new int[count][];
        workers.forEach(count, query -> found[query] = nearest(code(sides, query), wanted, accepted));
        return found;
    }

    @Override
    public void save(IndexFolder.Writer folder) throws IOException {
        folder.floats(HYPERPLANES, hyperplanes.rows());
        folder.floats(OFFSETS, offsets);
        folder.longs(CODES, codes);
    }

    @Override
    public void close() {
        // Holds nothing but memory.
    }

    private long[] code(float[] sides, int vector) {
        long[] code = new long[settings.bits() / Long.SIZE];
        for (int bit = 0; bit < settings.bits(); bit++) {
            if (sides[vector * settings.bits() + bit] > offsets[bit]) {
                code[bit / Long.SIZE] |= 1L << bit;
            }
        }
        return code;
    }

    private int[] nearest(long[] code, int wanted, IntPredicate accepted) {
        HammingList list = new HammingList(wanted, settings.bits());
        int stride = code.length * BLOCK;
        for (int at = 0, row = 0; at < codes.length; at += stride, row += BLOCK) {
            for (int lane = 0; lane < BLOCK; lane += SPECIES.length()) {
                LongVector distances = distances(code, at + lane);
                long near = distances.compare(VectorOperators.LE, list.limit()).toLong();
                for (; near != 0; near &= near - 1) {
                    int j = Long.numberOfTrailingZeros(near);
                    int candidate = row + lane + j;
                    if (candidate < keys.size() && accepted.test(candidate)) {
                        list.add(candidate, (int) distances.lane(j));
                    }
                }
            }
        }
        return list.rows(idsAscend ? null : keys);
    }

    private LongVector distances(long[] code, int at) {
        LongVector distances = LongVector.zero(SPECIES);
        for (int word = 0; word < code.length; word++) {
            distances = distances.add(LongVector.fromArray(SPECIES, codes, at + word * BLOCK)
                    .lanewise(VectorOperators.XOR, code[word])
                    .lanewise(VectorOperators.BIT_COUNT));
        }
        return distances;
    }

    /** The candidates at the smallest Hamming distances, by counting how many there are at each distance. */
    private static final class HammingList {
        private final int wanted;
        private final int[] counts;
        private int limit;
        private int within;
        private int[] rows = new int[1024];
        private int[] distances = new int[1024];
        private int size;

        HammingList(int wanted, int bits) {
            this.wanted = wanted;
            this.counts = new int[bits + 1];
            this.limit = bits;
        }

        /** Candidates farther than this are not wanted. */
        int limit() {
            return limit;
        }

        void add(int row, int distance) {
            if (distance > limit) {
                return;
            }
            if (size == rows.length) {
                rows = Arrays.copyOf(rows, 2 * size);
                distances = Arrays.copyOf(distances, 2 * size);
            }
            rows[size] = row;
            distances[size] = distance;
            size++;
            counts[distance]++;
            within++;
            while (within - counts[limit] >= wanted) {
                within -= counts[limit];
                limit--;
            }
        }

        /**
         * At most {@code wanted} rows; of those at the greatest distance, the ones with the lowest ids.
         *
         * @param keys tells the ids, or null if the ids ascend with the rows
         */
        int[] rows(@Nullable Keys keys) {
            int spare = Math.max(0, within - wanted);
            int room = counts[limit] - spare;
            long lastId = keys == null || spare == 0 ? Long.MAX_VALUE : idAtLimit(keys, room);
            int[] nearest = new int[Math.min(within, wanted)];
            int taken = 0;
            for (int i = 0; i < size; i++) {
                boolean near = distances[i] < limit
                        || (distances[i] == limit && (keys == null || keys.id(rows[i]) <= lastId) && room-- > 0);
                if (near) {
                    nearest[taken++] = rows[i];
                }
            }
            return nearest;
        }

        /** The n-th lowest id of those at the greatest distance. */
        private long idAtLimit(Keys keys, int n) {
            return IntStream.range(0, size)
                    .filter(i -> distances[i] == limit)
                    .mapToLong(i -> keys.id(rows[i]))
                    .sorted()
                    .skip(n - 1L)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
