package dev.racnn.candidates;

import static dev.racnn.candidates.CandidateExamples.LAYOUT;
import static dev.racnn.candidates.CandidateExamples.candidate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.retrieval.EngineFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveCandidateSetTest {
    @TempDir
    Path folder;

    @Test
    void a_snapshot_keeps_its_state_through_changes_compaction_and_closing() throws IOException {
        PlainList before = begin(0, 1, 2, 3);
        LiveCandidateSet live = open();
        try (CandidateSnapshot snapshot = live.snapshot()) {
            live.remove(2);
            live.relabel(1, (candidate(1).label() + 1) % 3);
            live.add(candidate(9));
            live.compact();
            live.remove(0);
            live.close();
            before.assertSameAs(snapshot, new SplittableRandom(1), "the state before the changes");
        }
        assertThatIllegalStateException().isThrownBy(live::snapshot).withMessageContaining("closed");
    }

    @Test
    void a_retained_share_is_as_if_the_others_had_been_removed() throws IOException {
        PlainList whole = begin(0, 1, 2, 3, 4);
        try (LiveCandidateSet live = open()) {
            live.add(candidate(6));
            live.add(candidate(9));
            live.remove(4);
            whole.apply(List.of(new Change.Add(candidate(6)), new Change.Add(candidate(9)), new Change.Remove(4)));
            PlainList even = whole.copy();
            even.apply(List.of(new Change.Remove(1), new Change.Remove(3), new Change.Remove(9)));
            CandidateSnapshot all = live.snapshot();
            try (CandidateSnapshot share = all.retaining(id -> id % 2 == 0)) {
                even.assertSameAs(share, new SplittableRandom(1), "the even ids");
                whole.assertSameAs(all, new SplittableRandom(1), "the snapshot that it was made of");
                assertThat(share.fingerprint()).isNotEqualTo(all.fingerprint());
                all.close();
                even.assertSameAs(share, new SplittableRandom(1), "the even ids, after that snapshot was closed");
            }
            assertThatIllegalStateException()
                    .isThrownBy(() -> all.retaining(_ -> true))
                    .withMessageContaining("closed");
        }
    }

    @Test
    void changes_at_once_are_made_together_or_not_at_all() throws IOException {
        begin(0, 1, 2);
        try (LiveCandidateSet live = open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> live.apply(List.of(new Change.Remove(1), new Change.Remove(7))))
                    .withMessageContaining("no candidate has the id 7");
            assertThat(live.size()).isEqualTo(3);
            live.apply(List.of(new Change.Remove(1), new Change.Add(candidate(1, 55)), new Change.Relabel(1, 2)));
            try (CandidateSnapshot snapshot = live.snapshot()) {
                assertThat(snapshot.candidate(1).key())
                        .isEqualTo(candidate(1, 55).key());
                assertThat(snapshot.label(1)).isEqualTo(2);
            }
        }
    }

    @Test
    void impossible_changes_are_refused_with_the_reason() throws IOException {
        begin(0, 1);
        try (LiveCandidateSet live = open()) {
            live.add(candidate(5));
            for (long used : new long[] {0, 5}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> live.add(candidate(used)))
                        .withMessageContaining("must be unique, but " + used + " is in use");
            }
            live.remove(1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> live.remove(1))
                    .withMessageContaining("id 1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> live.relabel(0, 3))
                    .withMessageContaining("from 0 to 2, but is 3");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> live.add(new Candidate(8, 0, new float[6], new float[3], new byte[12])))
                    .withMessageContaining("6 components, but the candidate set holds 5");
            assertThat(live.size()).isEqualTo(2);
        }
    }

    @Test
    void searches_refuse_bad_queries_and_too_large_k() throws IOException {
        begin(0, 1);
        try (LiveCandidateSet live = open()) {
            live.remove(0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> live.search(new float[5], 2))
                    .withMessageContaining("from 1 to the 1 candidates, but was 2");
            assertThatIllegalArgumentException().isThrownBy(() -> live.search(new float[5], 0));
            assertThatIllegalArgumentException().isThrownBy(() -> live.search(new float[5], 1, id -> id == 0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> live.search(new float[6], 1))
                    .withMessageContaining("dimension 5, but 6 numbers");
            float[] undefined = new float[10];
            undefined[7] = Float.NaN;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> live.search(undefined, 1))
                    .withMessageContaining("component 2 of query 1 must be finite");
        }
    }

    @Test
    void a_set_can_begin_empty_and_become_empty() throws IOException {
        begin();
        try (LiveCandidateSet live = open()) {
            live.add(candidate(3));
            live.compact();
            assertThat(live.search(new float[5], 1).id(0, 0)).isEqualTo(3);
            live.remove(3);
            live.compact();
            assertThat(live.size()).isZero();
        }
        assertThat(CandidateSet.open(folder).size()).isZero();
    }

    @Test
    void a_fingerprint_changes_with_the_content_even_if_the_size_does_not() throws IOException {
        begin(0, 1, 2);
        try (LiveCandidateSet live = open()) {
            String before = fingerprint(live);
            assertThat(fingerprint(live)).isEqualTo(before);
            Candidate first = candidate(0);
            float[] feature = first.feature().clone();
            feature[0]++;
            live.apply(List.of(
                    new Change.Remove(0),
                    new Change.Add(new Candidate(0, first.label(), first.key(), feature, first.thumbnail()))));
            assertThat(fingerprint(live)).isNotEqualTo(before);
            live.compact();
            assertThat(fingerprint(live)).isNotEqualTo(before);
        }
    }

    private static String fingerprint(LiveCandidateSet live) {
        try (CandidateSnapshot snapshot = live.snapshot()) {
            return snapshot.fingerprint();
        }
    }

    @Test
    void the_id_of_a_removed_candidate_is_not_free_again() throws IOException {
        begin(0, 1, 2);
        try (LiveCandidateSet live = open()) {
            live.remove(2);
            live.add(candidate(3));
            live.remove(3);
            assertFirstFreeId(live, 4);
        }
        for (int round = 0; round < 2; round++) {
            try (LiveCandidateSet live = open()) {
                assertFirstFreeId(live, 4);
                live.compact();
                assertFirstFreeId(live, 4);
                live.relabel(0, round);
            }
        }
    }

    @Test
    void a_set_that_became_empty_remembers_its_ids() throws IOException {
        begin(0);
        try (LiveCandidateSet live = open()) {
            live.remove(0);
            live.compact();
        }
        try (LiveCandidateSet live = open()) {
            assertFirstFreeId(live, 1);
        }
    }

    @Test
    void the_highest_id_counts_wherever_its_row_is() throws IOException {
        begin(7, 2, 5);
        try (LiveCandidateSet live = open()) {
            assertFirstFreeId(live, 8);
        }
    }

    @Test
    void an_immutable_reader_is_refused_until_changes_are_compacted() throws IOException {
        begin(0, 1);
        try (LiveCandidateSet live = open()) {
            live.remove(0);
        }
        assertThatThrownBy(() -> CandidateSet.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not compacted yet");
        try (LiveCandidateSet live = open()) {
            live.compact();
        }
        assertThat(CandidateSet.open(folder).rowOf(0)).isEmpty();
    }

    @Test
    void a_reader_that_opens_while_another_compacts_sees_every_change() throws IOException {
        begin(0, 1, 2);
        try (LiveCandidateSet live = open()) {
            live.remove(1);
            EngineFactory compactingOnTheWay = (keys, _) -> {
                try {
                    live.compact();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return new PlainScan(keys);
            };
            try (CandidateSnapshot reader = CandidateSnapshot.open(folder, compactingOnTheWay, 1)) {
                assertThat(reader.ids().boxed()).containsExactly(0L, 2L);
                assertThat(reader.base().generation()).isEqualTo(2);
            }
        }
    }

    @Test
    void only_one_can_change_a_set_at_a_time() throws IOException {
        begin(0);
        try (LiveCandidateSet live = open()) {
            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("is being changed");
            assertThat(live.size()).isOne();
        }
        open().close();
    }

    @Test
    void a_flipped_byte_in_the_log_is_reported_not_dropped() throws IOException {
        begin(0, 1);
        try (LiveCandidateSet live = open()) {
            live.add(candidate(7));
            live.remove(0);
        }
        Path log = folder.resolve("generation-1/changes.log");
        byte[] sound = Files.readAllBytes(log);
        for (int position = 0; position < sound.length; position++) {
            byte[] damaged = sound.clone();
            damaged[position] ^= 0x04;
            Files.write(log, damaged);
            assertThatThrownBy(this::open)
                    .as("byte %d of %d", position, sound.length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(log.toString());
        }
        Files.write(log, sound);
        try (LiveCandidateSet live = open()) {
            assertThat(live.size()).isEqualTo(2);
        }
    }

    @Test
    void a_checksum_of_zero_is_damage_wherever_it_stands() throws IOException {
        begin(0, 1);
        Path log = folder.resolve("generation-1/changes.log");
        List<Integer> checksums = new ArrayList<>();
        try (LiveCandidateSet live = open()) {
            for (long id = 10; id < 15; id++) {
                checksums.add((int) Files.size(log) + 16);
                live.add(candidate(id));
                checksums.add((int) Files.size(log) - 4);
            }
        }
        byte[] sound = Files.readAllBytes(log);
        for (int checksum : checksums) {
            byte[] damaged = sound.clone();
            Arrays.fill(damaged, checksum, checksum + 4, (byte) 0);
            Files.write(log, damaged);
            assertThatThrownBy(this::open)
                    .as("checksum at byte %d", checksum)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(log + " is damaged");
            assertThat(log).hasBinaryContent(damaged);
        }
    }

    @Test
    void a_record_that_is_zero_from_a_sector_on_is_cut_off() throws IOException {
        begin(0, 1);
        Path log = folder.resolve("generation-1/changes.log");
        long acknowledged;
        try (LiveCandidateSet live = open()) {
            live.remove(0);
            acknowledged = Files.size(log);
            live.apply(LongStream.range(10, 20)
                    .<Change>mapToObj(id -> new Change.Add(candidate(id)))
                    .toList());
        }
        byte[] torn = Files.readAllBytes(log);
        assertThat(torn).hasSizeGreaterThan(512);
        Arrays.fill(torn, 512, torn.length, (byte) 0);
        Files.write(log, torn);
        try (LiveCandidateSet live = open()) {
            assertThat(live.size()).isOne();
            assertThat(log).hasSize(acknowledged);
        }
    }

    @Test
    void a_record_that_the_system_had_not_filled_yet_is_cut_off() throws IOException {
        begin(0, 1);
        try (LiveCandidateSet live = open()) {
            live.remove(0);
        }
        Path log = folder.resolve("generation-1/changes.log");
        Files.write(log, new byte[300], StandardOpenOption.APPEND);
        try (LiveCandidateSet live = open()) {
            assertThat(live.size()).isOne();
            live.add(candidate(4));
        }
        try (LiveCandidateSet live = open()) {
            assertThat(live.size()).isEqualTo(2);
        }
    }

    @Test
    void a_folder_that_cannot_be_written_to_still_serves_readers() throws IOException {
        PlainList expected = begin(0, 1, 2);
        Files.delete(folder.resolve("lock"));
        Files.createDirectory(folder.resolve("lock"));
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not writable (")
                .hasMessageEndingWith("); allow writing there, or change a copy")
                .hasMessageNotContaining("Exception");
        try (CandidateSnapshot snapshot = CandidateSnapshot.open(folder, PlainScan.ENGINE, 1)) {
            expected.assertSameAs(snapshot, new SplittableRandom(2), "a reader");
        }
    }

    @Test
    void a_compaction_that_cannot_write_leaves_the_set_as_it_was() throws IOException {
        PlainList expected = begin(0, 1, 2);
        try (LiveCandidateSet live = open()) {
            List<Change> changes = List.of(new Change.Remove(1), new Change.Add(candidate(8)));
            live.apply(changes);
            expected.apply(changes);
            Files.writeString(folder.resolve("generation-2"), "in the way");
            assertThatThrownBy(live::compact).isInstanceOf(IOException.class);
            try (CandidateSnapshot snapshot = live.snapshot()) {
                expected.assertSameAs(snapshot, new SplittableRandom(3), "after the failure");
            }
            Files.delete(folder.resolve("generation-2"));
            live.compact();
            try (CandidateSnapshot snapshot = live.snapshot()) {
                expected.assertSameAs(snapshot, new SplittableRandom(4), "after the compaction");
                assertThat(snapshot.base().size()).isEqualTo(3);
            }
        }
    }

    @Test
    void a_compaction_does_not_copy_what_is_damaged() throws IOException {
        begin(0, 1, 2);
        for (String name : List.of("features.bin", "keys.bin", "thumbnails.bin")) {
            Path file = folder.resolve("generation-1/" + name);
            byte[] sound = Files.readAllBytes(file);
            byte[] damaged = sound.clone();
            damaged[1] ^= 1;
            Files.write(file, damaged);
            try (LiveCandidateSet live = open()) {
                live.relabel(2, 1);
                assertThatThrownBy(live::compact)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(file + " is damaged")
                        .hasMessageContaining("it is unchanged")
                        .hasMessageNotContaining("room");
                assertThat(folder.resolve("generation-2")).doesNotExist();
            }
            Files.write(file, sound);
        }
        try (LiveCandidateSet live = open()) {
            live.compact();
        }
        CandidateSet.open(folder).verify();
    }

    @Test
    void changes_that_cancel_out_are_compacted_too() throws IOException {
        begin(0, 1);
        try (LiveCandidateSet live = open()) {
            live.add(candidate(5));
            live.remove(5);
            live.compact();
            assertFirstFreeId(live, 6);
        }
        assertThat(CandidateSet.open(folder).size()).isEqualTo(2);
    }

    @Test
    void a_compaction_that_was_interrupted_ends_with_the_later_changes_too() throws IOException {
        begin(0, 1, 2, 3);
        try (LiveCandidateSet live = open()) {
            live.remove(1);
        }
        try (CandidateSetWriter writer = CandidateSetWriter.nextGeneration(folder, LAYOUT, "changes up to 1", 1)) {
            writer.add(candidate(0));
            writer.add(candidate(2));
        }
        try (LiveCandidateSet live = open()) {
            live.add(candidate(9));
            live.compact();
        }
        CandidateSet set = CandidateSet.open(folder);
        assertThat(LongStream.range(0, set.size()).map(row -> set.id((int) row)).boxed())
                .containsExactly(0L, 2L, 3L, 9L);
    }

    @Test
    void a_compaction_whose_engine_fails_leaves_nothing_behind() throws IOException {
        PlainList expected = begin(0, 1, 2);
        boolean[] failing = {false};
        EngineFactory engine = (keys, _) -> {
            if (failing[0]) {
                throw new UncheckedIOException(new IOException("No space left on device"));
            }
            return new PlainScan(keys);
        };
        try (LiveCandidateSet live = LiveCandidateSet.open(folder, engine, 1)) {
            List<Change> changes = List.of(new Change.Remove(1));
            live.apply(changes);
            expected.apply(changes);
            failing[0] = true;
            assertThatThrownBy(live::compact)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left on device")
                    .hasMessageEndingWith("it is unchanged: make room");
            assertThat(folder.resolve("generation-2")).doesNotExist();
            try (CandidateSnapshot snapshot = live.snapshot()) {
                expected.assertSameAs(snapshot, new SplittableRandom(5), "after the failure");
            }
        }
    }

    @Test
    void closing_waits_for_a_compaction() throws Exception {
        begin(0, 1, 2);
        CountDownLatch compacting = new CountDownLatch(1);
        AtomicReference<Thread> closing = new AtomicReference<>();
        boolean[] opened = {false};
        LiveCandidateSet live = LiveCandidateSet.open(
                folder,
                (keys, _) -> {
                    if (opened[0]) {
                        compacting.countDown();
                        while (!isWaitingOrDone(closing.get())) {
                            Thread.onSpinWait();
                        }
                    }
                    return new PlainScan(keys);
                },
                1);
        opened[0] = true;
        live.remove(1);
        FutureTask<Void> compaction = new FutureTask<>(() -> {
            live.compact();
            return null;
        });
        new Thread(compaction).start();
        compacting.await();
        Thread closer = new Thread(live::close);
        closer.start();
        closing.set(closer);
        compaction.get();
        closer.join();
        assertThat(CandidateSet.open(folder).size()).isEqualTo(2);
    }

    private static boolean isWaitingOrDone(@Nullable Thread thread) {
        return thread != null
                && (thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TERMINATED);
    }

    private LiveCandidateSet open() throws IOException {
        return LiveCandidateSet.open(folder, PlainScan.ENGINE, 1);
    }

    private PlainList begin(long... ids) throws IOException {
        PlainList list = new PlainList();
        try (CandidateSetWriter writer = CandidateSetWriter.create(folder, LAYOUT)) {
            for (long id : ids) {
                writer.add(candidate(id));
                list.apply(List.of(new Change.Add(candidate(id))));
            }
            writer.finish();
        }
        return list;
    }

    private static void assertFirstFreeId(LiveCandidateSet live, long expected) {
        try (CandidateSnapshot snapshot = live.snapshot()) {
            assertThat(snapshot.firstFreeId()).isEqualTo(expected);
        }
    }
}
