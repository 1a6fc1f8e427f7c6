package dev.racnn.candidates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.BruteForce;
import dev.racnn.retrieval.Neighbours;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** What a candidate set must hold, as a plain list in memory, and the random changes that are made to both. */
final class PlainList {
    private final SortedMap<Long, Candidate> candidates;
    private long highestId;

    PlainList() {
        this(new TreeMap<>(), -1);
    }

    private PlainList(SortedMap<Long, Candidate> candidates, long highestId) {
        this.candidates = candidates;
        this.highestId = highestId;
    }

    PlainList copy() {
        return new PlainList(new TreeMap<>(candidates), highestId);
    }

    void apply(List<Change> changes) {
        for (Change change : changes) {
            switch (change) {
                case Change.Add(Candidate candidate) -> {
                    candidates.put(candidate.id(), candidate);
                    highestId = Math.max(highestId, candidate.id());
                }
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
                && snapshot.firstFreeId() == highestId + 1
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
        int k = random.nextInt(1, 20);
        assertSameAnswer(snapshot, query, _ -> true, k, description);
        assertSameAnswer(snapshot, query, candidate -> candidate.label() == label, k, description);
        assertThat(LongStream.range(0, 50)
                        .filter(snapshot::contains)
                        .filter(snapshot.labelled(label))
                        .boxed())
                .as(description)
                .containsExactlyElementsOf(idsOf(candidate -> candidate.label() == label));
        assertThat(LongStream.range(0, 50)
                        .filter(snapshot::contains)
                        .filter(snapshot.tagged("night"))
                        .boxed())
                .as(description)
                .containsExactlyElementsOf(idsOf(candidate -> candidate.tags().contains("night")));
    }

    private List<Long> idsOf(Predicate<Candidate> wanted) {
        return candidates.values().stream()
                .filter(wanted)
                .map(Candidate::id)
                .filter(id -> id < 50)
                .toList();
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
            CandidateSnapshot snapshot, float[] query, Predicate<Candidate> wanted, int k, String description) {
        List<Candidate> kept = candidates.values().stream().filter(wanted).toList();
        if (kept.isEmpty()) {
            return;
        }
        int dimension = query.length;
        float[] keys = new float[kept.size() * dimension];
        for (int row = 0; row < kept.size(); row++) {
            System.arraycopy(kept.get(row).key(), 0, keys, row * dimension, dimension);
        }
        long[] ids = kept.stream().mapToLong(Candidate::id).toArray();
        int possible = Math.min(k, kept.size());
        Neighbours expected = BruteForce.search(new ArrayKeys(ids, keys, dimension), query, possible, _ -> true);
        Neighbours actual = kept.size() == candidates.size()
                ? snapshot.search(query, possible)
                : snapshot.search(query, possible, id -> wanted.test(snapshot.candidate(id)));
        assertThat(actual).as(description).usingRecursiveComparison().isEqualTo(expected);
    }
}
