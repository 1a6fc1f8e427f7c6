package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.retrieval.PlainScan.Found;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** What a candidate set must hold, as a plain list in memory, and the random changes that are made to both. */
final class PlainList {
    private final SortedMap<Long, Candidate> candidates;

    PlainList() {
        this(new TreeMap<>());
    }

    private PlainList(SortedMap<Long, Candidate> candidates) {
        this.candidates = candidates;
    }

    PlainList copy() {
        return new PlainList(new TreeMap<>(candidates));
    }

    void apply(List<Change> changes) {
        for (Change change : changes) {
            switch (change) {
                case Change.Add(Candidate candidate) -> candidates.put(candidate.id(), candidate);
                case Change.Remove(long id) -> candidates.remove(id);
                case Change.Relabel(long id, int label) ->
                    candidates.computeIfPresent(id, (_, candidate) -> candidate.relabelled(label));
            }
        }
    }

    /** One to three changes that are possible one after the other. */
    List<Change> randomChanges(SplittableRandom random) {
        List<Change> changes = new ArrayList<>();
        PlainList after = copy();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            Change change = after.randomChange(random);
            changes.add(change);
            after.apply(List.of(change));
        }
        return changes;
    }

    private Change randomChange(SplittableRandom random) {
        List<Long> ids = List.copyOf(candidates.keySet());
        int kind = ids.isEmpty() ? 0 : random.nextInt(3);
        if (kind == 0) {
            long id = random.nextInt(40);
            while (candidates.containsKey(id)) {
                id++;
            }
            // A candidate that comes back under the same id is another one.
            return new Change.Add(CandidateExamples.candidate(id, random.nextLong()));
        }
        long id = ids.get(random.nextInt(ids.size()));
        return kind == 1 ? new Change.Remove(id) : new Change.Relabel(id, random.nextInt(3));
    }

    /** Whether a snapshot holds the same candidates. */
    boolean isSameAs(CandidateSnapshot snapshot) {
        return snapshot.size() == candidates.size()
                && candidates.values().stream()
                        .allMatch(candidate -> snapshot.contains(candidate.id())
                                && isSame(snapshot.candidate(candidate.id()), candidate));
    }

    /** Asserts that a snapshot holds the same candidates and answers a random query alike, filtered and not. */
    void assertSameAs(CandidateSnapshot snapshot, SplittableRandom random, String description) {
        assertThat(isSameAs(snapshot))
                .as("%s: must hold %s", description, candidates.keySet())
                .isTrue();
        float[] query = CandidateExamples.numbers(random, CandidateExamples.LAYOUT.keyDimension());
        int label = random.nextInt(3);
        assertSameAnswer(snapshot, query, snapshot.labelled(label), label, "", random, description);
        assertSameAnswer(snapshot, query, snapshot.tagged("night"), -1, "night", random, description);
        assertSameAnswer(snapshot, query, _ -> true, -1, "", random, description);
    }

    private static boolean isSame(Candidate actual, Candidate expected) {
        return actual.id() == expected.id()
                && actual.label() == expected.label()
                && Arrays.equals(actual.key(), expected.key())
                && Arrays.equals(actual.feature(), expected.feature())
                && Arrays.equals(actual.thumbnail(), expected.thumbnail())
                && actual.tags().equals(expected.tags());
    }

    private void assertSameAnswer(
            CandidateSnapshot snapshot,
            float[] query,
            LongPredicate filter,
            int label,
            String tag,
            SplittableRandom random,
            String description) {
        List<Found> all = candidates.values().stream()
                .filter(candidate -> label < 0 || candidate.label() == label)
                .filter(candidate -> tag.isEmpty() || candidate.tags().contains(tag))
                .map(candidate -> new Found(candidate.id(), PlainScan.squaredDistance(query, candidate.key())))
                .toList();
        if (all.isEmpty()) {
            return;
        }
        int k = random.nextInt(1, all.size() + 1);
        boolean filtered = label >= 0 || !tag.isEmpty();
        Neighbours answer = filtered ? snapshot.search(query, k, filter) : snapshot.search(query, k);
        List<Found> expected = PlainScan.nearest(all, k);
        for (int rank = 0; rank < k; rank++) {
            assertThat(new Found(answer.id(0, rank), answer.squaredDistance(0, rank)))
                    .as("%s, rank %d of %d", description, rank, k)
                    .isEqualTo(expected.get(rank));
        }
    }
}
