package dev.racnn.candidates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.BruteForce;
import dev.racnn.retrieval.Neighbours;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveCandidateSetConcurrencyTest {
    private static final int READERS = 8;
    private static final int CLASSES = 7;

    private static final CandidateLayout LAYOUT =
            new CandidateLayout(4, 1, 1, 1, List.of("0", "1", "2", "3", "4", "5", "6"), "");

    @TempDir(factory = InMemoryFolder.class)
    Path folder;

    @Test
    void readers_during_updates_see_whole_states_and_nothing_that_was_removed()
            throws IOException, InterruptedException, ExecutionException {
        try (CandidateSetWriter writer = CandidateSetWriter.create(folder, LAYOUT)) {
            for (long id = 0; id < 50; id++) {
                writer.add(version(id, 0));
            }
            writer.finish();
        }
        Set<Long> removed = ConcurrentHashMap.newKeySet();
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong searches = new AtomicLong();
        try (LiveCandidateSet live = LiveCandidateSet.open(folder, PlainScan.ENGINE, 1);
                ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            List<Future<?>> readers = new ArrayList<>();
            for (int reader = 0; reader < READERS; reader++) {
                SplittableRandom random = new SplittableRandom(reader);
                readers.add(threads.submit(() -> {
                    while (!done.get()) {
                        readOnce(live, Set.copyOf(removed), random);
                        searches.incrementAndGet();
                    }
                }));
            }
            update(live, removed, searches);
            done.set(true);
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
        assertThat(searches.get()).isGreaterThan(1_000);
    }

    @Test
    void who_opens_a_set_while_another_compacts_it_goes_on_from_the_new_base()
            throws IOException, InterruptedException, ExecutionException {
        try (CandidateSetWriter writer = CandidateSetWriter.create(folder, LAYOUT)) {
            writer.finish();
        }
        int changes = 150;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 2; writer++) {
                int first = writer * changes;
                writers.add(threads.submit(() -> {
                    for (int id = first; id < first + changes; id++) {
                        addAndCompact(id);
                    }
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        try (CandidateSnapshot snapshot = CandidateSnapshot.open(folder)) {
            assertThat(snapshot.ids().sorted().boxed())
                    .containsExactlyElementsOf(
                            LongStream.range(0, 2L * changes).boxed().toList());
        }
    }

    /** Opens the set as soon as nobody else has it open, and changes it. */
    private void addAndCompact(long id) throws IOException {
        while (true) {
            try (LiveCandidateSet live = LiveCandidateSet.open(folder)) {
                live.add(version(id, 0));
                live.compact();
                return;
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("is being changed");
            }
        }
    }

    private static void update(LiveCandidateSet live, Set<Long> removed, AtomicLong searches) throws IOException {
        SplittableRandom random = new SplittableRandom(99);
        List<Long> present = new ArrayList<>();
        for (long id = 0; id < 50; id++) {
            present.add(id);
        }
        long nextId = 50;
        for (int round = 1; round <= 600 || searches.get() <= 1_000; round++) {
            if (present.size() < 30 || random.nextBoolean()) {
                live.add(version(nextId, round));
                present.add(nextId++);
            } else {
                long id = present.remove(random.nextInt(present.size()));
                live.remove(id);
                removed.add(id);
            }
            long replaced = present.get(random.nextInt(present.size()));
            live.apply(List.of(new Change.Remove(replaced), new Change.Add(version(replaced, round))));
            if (round % 50 == 0) {
                live.compact();
            }
        }
    }

    private static void readOnce(LiveCandidateSet live, Set<Long> goneBefore, SplittableRandom random) {
        float[] query = CandidateExamples.numbers(random, 4);
        try (CandidateSnapshot snapshot = live.snapshot()) {
            Neighbours answer = snapshot.search(query, 10);
            for (int rank = 0; rank < 10; rank++) {
                long id = answer.id(0, rank);
                assertThat(goneBefore).doesNotContain(id);
                float[] feature = new float[1];
                snapshot.copyFeature(id, feature, 0);
                Candidate expected = version(id, (int) feature[0]);
                assertThat(snapshot.label(id)).isEqualTo(expected.label());
                assertThat(answer.squaredDistance(0, rank))
                        .isEqualTo(BruteForce.search(ArrayKeys.numbered(expected.key(), 4), query, 1, _ -> true)
                                .squaredDistance(0, 0));
            }
        }
        Neighbours even = live.search(query, 5, id -> id % 2 == 0);
        for (long id : even.ids()) {
            assertThat(id % 2).isZero();
            assertThat(goneBefore).doesNotContain(id);
        }
    }

    /** A candidate whose key and label follow from its id and from the version that its feature tells. */
    private static Candidate version(long id, int version) {
        float[] key = CandidateExamples.numbers(new SplittableRandom(id * 1_000_003 + version), 4);
        return new Candidate(id, (int) (id + version) % CLASSES, key, new float[] {version}, new byte[3]);
    }
}
