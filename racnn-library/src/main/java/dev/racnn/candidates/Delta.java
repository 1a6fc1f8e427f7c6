package dev.racnn.candidates;

import dev.racnn.retrieval.ExactRanking;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.Neighbours;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/** The candidates that were added or changed since the base was built: few, immutable, in ascending order of ids. */
final class Delta implements Keys {
    static final Delta EMPTY = new Delta(List.of());

    private final List<Candidate> candidates;

    private Delta(List<Candidate> candidates) {
        this.candidates = candidates;
    }

    @Override
    public int size() {
        return candidates.size();
    }

    @Override
    public int dimension() {
        return candidates.getFirst().key().length;
    }

    @Override
    public long id(int row) {
        return candidates.get(row).id();
    }

    @Override
    public void copyKey(int row, float[] target, int offset) {
        float[] key = candidates.get(row).key();
        System.arraycopy(key, 0, target, offset, key.length);
    }

    List<Candidate> candidates() {
        return candidates;
    }

    Optional<Candidate> find(long id) {
        int position = position(id);
        return position >= 0 ? Optional.of(candidates.get(position)) : Optional.empty();
    }

    /** This delta with the candidates of some ids replaced, or removed where the new value is empty. */
    Delta with(SortedMap<Long, Optional<Candidate>> changed) {
        List<Candidate> merged = new ArrayList<>(candidates.size() + changed.size());
        int next = 0;
        for (Map.Entry<Long, Optional<Candidate>> change : changed.entrySet()) {
            while (next < candidates.size() && candidates.get(next).id() < change.getKey()) {
                merged.add(candidates.get(next++));
            }
            if (next < candidates.size() && candidates.get(next).id() == change.getKey()) {
                next++;
            }
            change.getValue().ifPresent(merged::add);
        }
        merged.addAll(candidates.subList(next, candidates.size()));
        return new Delta(Collections.unmodifiableList(merged));
    }

    /** The rows that a filter accepts. */
    int[] rows(LongPredicate accepted) {
        return IntStream.range(0, size()).filter(row -> accepted.test(id(row))).toArray();
    }

    /** Compares some rows with queries; the k nearest of each, or all if there are fewer. */
    Neighbours search(float[] queries, int[] rows, int k) {
        int count = queries.length / dimension();
        int found = Math.min(k, rows.length);
        long[] ids = new long[Math.multiplyExact(count, found)];
        float[] squaredDistances = new float[ids.length];
        ExactRanking ranking = new ExactRanking(this);
        for (int query = 0; query < count; query++) {
            ranking.rank(queries, query * dimension(), rows, found, ids, squaredDistances, query * found);
        }
        return new Neighbours(count, found, ids, squaredDistances);
    }

    private int position(long id) {
        int low = 0;
        int high = candidates.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = candidates.get(middle).id();
            if (found == id) {
                return middle;
            }
            if (found < id) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }
}
