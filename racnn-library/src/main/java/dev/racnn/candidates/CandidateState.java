package dev.racnn.candidates;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One state of a candidate set that lives: the base, less the hidden ids, plus the delta. Immutable; a change makes the
 * next state.
 *
 * @param base what was compacted last
 * @param hidden ids of the base that were removed, or replaced by a candidate of the delta
 * @param delta candidates added or changed since
 * @param firstFreeId above the id of every candidate that is or ever was there
 * @param position where the log stands in this state
 */
record CandidateState(BaseGeneration base, IdSet hidden, Delta delta, long firstFreeId, ChangeLog.Position position) {
    static CandidateState of(BaseGeneration base) {
        return new CandidateState(base, IdSet.EMPTY, Delta.EMPTY, base.set().firstFreeId(), ChangeLog.Position.START);
    }

    int size() {
        return inBase() + delta.size();
    }

    /** Number of candidates of the base that are still there. */
    int inBase() {
        return base.set().size() - hidden.size();
    }

    boolean contains(long id) {
        return delta.find(id).isPresent() || rowInBase(id).isPresent();
    }

    /** The row of a candidate that is unchanged since the base was built. */
    OptionalInt rowInBase(long id) {
        return hidden.contains(id) ? OptionalInt.empty() : base.set().rowOf(id);
    }

    /** A copy of a candidate. */
    Optional<Candidate> candidate(long id) {
        Optional<Candidate> changed = delta.find(id);
        if (changed.isPresent()) {
            return changed;
        }
        OptionalInt row = rowInBase(id);
        return row.isPresent() ? Optional.of(base.set().candidate(row.getAsInt())) : Optional.empty();
    }

    /**
     * The state after some changes, made in this order.
     *
     * @throws IllegalArgumentException if one of them cannot be made: an id that is in use is added, one that is not is
     *     removed or relabelled, or a candidate or label does not fit the layout
     */
    CandidateState after(List<Change> changes) {
        CandidateLayout layout = base.set().layout();
        SortedMap<Long, Optional<Candidate>> changed = new TreeMap<>();
        long free = firstFreeId;
        for (Change change : changes) {
            long id = change.id();
            Optional<Candidate> known = changed.get(id);
            switch (change) {
                case Change.Add(Candidate candidate) -> {
                    layout.check(candidate);
                    if (known == null ? contains(id) : known.isPresent()) {
                        throw new IllegalArgumentException(
                                "candidate ids must be unique, but %s is in use; remove that candidate first or choose another id"
                                        .formatted(id));
                    }
                    changed.put(id, Optional.of(candidate));
                    free = Math.max(free, id + 1);
                }
                case Change.Remove _ -> {
                    if (known == null ? !contains(id) : known.isEmpty()) {
                        throw unknown(id);
                    }
                    changed.put(id, Optional.empty());
                }
                case Change.Relabel(long _, int label) -> {
                    layout.checkLabel(id, label);
                    Candidate candidate = (known == null ? candidate(id) : known).orElseThrow(() -> unknown(id));
                    changed.put(id, Optional.of(candidate.relabelled(label)));
                }
            }
        }
        List<Long> newlyHidden = changed.keySet().stream()
                .filter(id -> base.set().rowOf(id).isPresent())
                .toList();
        return new CandidateState(base, hidden.plus(newlyHidden), delta.with(changed), free, position);
    }

    /** This state, known to be what the log amounts to at a position. */
    CandidateState at(ChangeLog.Position newPosition) {
        return new CandidateState(base, hidden, delta, firstFreeId, newPosition);
    }

    static IllegalArgumentException unknown(long id) {
        return new IllegalArgumentException("no candidate has the id " + id + "; it may have been removed");
    }
}
