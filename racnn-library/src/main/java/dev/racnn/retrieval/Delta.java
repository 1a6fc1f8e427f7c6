package dev.racnn.retrieval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongPredicate;

/** The candidates that were added or changed since the base was built: few, immutable, in ascending order of ids. */
final class Delta {
    static final Delta EMPTY = new Delta(List.of());

    private final List<Candidate> candidates;

    private Delta(List<Candidate> candidates) {
        this.candidates = candidates;
    }

    int size() {
        return candidates.size();
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

    /** Number of candidates that a filter accepts. */
    int count(LongPredicate accepted) {
        return (int) candidates.stream()
                .filter(candidate -> accepted.test(candidate.id()))
                .count();
    }

    /** Compares every accepted candidate with a query; what is nearest is offered to the list. */
    void search(float[] queries, int offset, LongPredicate accepted, NearestList nearest) {
        for (Candidate candidate : candidates) {
            if (accepted.test(candidate.id())) {
                float[] key = candidate.key();
                nearest.offer(candidate.id(), SquaredDistance.between(queries, offset, key, 0, key.length));
            }
        }
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
