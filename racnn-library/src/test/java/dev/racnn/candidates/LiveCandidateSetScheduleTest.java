package dev.racnn.candidates;

import static dev.racnn.candidates.CandidateExamples.LAYOUT;

import dev.racnn.retrieval.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random schedules of changes, queries, compactions and crashes against a plain list. */
class LiveCandidateSetScheduleTest {
    private static final int SCHEDULES = 1_000;
    private static final int STEPS = 6;

    @TempDir(factory = InMemoryFolder.class)
    Path folder;

    @Test
    void random_schedules_agree_with_a_plain_list() throws IOException {
        for (int seed = 0; seed < SCHEDULES; seed++) {
            try (Schedule schedule = new Schedule(folder.resolve("schedule-" + seed), seed)) {
                for (int step = 0; step < STEPS; step++) {
                    schedule.step();
                    schedule.check("seed %d, step %d".formatted(seed, step));
                }
                schedule.checkReader("seed %d, another process".formatted(seed));
            }
        }
    }

    /** One schedule: the set in the folder that lives at the moment, and the list of what it must hold. */
    private static final class Schedule implements AutoCloseable {
        private final Path root;
        private final SplittableRandom random;
        private final PlainList expected = new PlainList();
        private int crashes;
        private Path folder;
        private LiveCandidateSet live;
        /** Called while a compaction builds the engine over its new base. */
        private Consumer<Keys> duringCompaction = _ -> {};

        Schedule(Path root, long seed) throws IOException {
            this.root = root;
            this.random = new SplittableRandom(seed);
            this.folder = root.resolve("crash-0");
            try (CandidateSetWriter writer = CandidateSetWriter.create(folder, LAYOUT)) {
                for (int id = random.nextInt(4); id > 0; id--) {
                    writer.add(CandidateExamples.candidate(id));
                    expected.apply(List.of(new Change.Add(CandidateExamples.candidate(id))));
                }
                writer.finish();
            }
            this.live = open();
        }

        void step() throws IOException {
            switch (random.nextInt(8)) {
                case 0 -> live.compact();
                case 1 -> compactWhileChanging();
                case 2 -> crashInAChange();
                case 3 -> crashInACompaction();
                case 4 -> {
                    live.close();
                    live = open();
                }
                default -> change();
            }
        }

        void check(String description) {
            try (CandidateSnapshot snapshot = live.snapshot()) {
                expected.assertSameAs(snapshot, random, description);
            }
        }

        void checkReader(String description) throws IOException {
            try (CandidateSnapshot snapshot = CandidateSnapshot.open(folder, PlainScan.ENGINE, 1)) {
                expected.assertSameAs(snapshot, random, description);
            }
        }

        @Override
        public void close() throws IOException {
            live.close();
        }

        private void change() throws IOException {
            List<Change> changes = expected.randomChanges(random);
            live.apply(changes);
            expected.apply(changes);
        }

        private void compactWhileChanging() throws IOException {
            duringCompaction = _ -> unchecked(this::change);
            live.compact();
            duringCompaction = _ -> {};
        }

        /** A change that was begun but not acknowledged leaves any number of its bytes behind. */
        private void crashInAChange() throws IOException {
            long acknowledged = Files.size(log());
            List<Change> unacknowledged = expected.randomChanges(random);
            live.apply(unacknowledged);
            long written = Files.size(log());
            crash(folder);
            long cut = random.nextLong(acknowledged, written + 1);
            try (FileChannel log = FileChannel.open(log(), StandardOpenOption.WRITE)) {
                log.truncate(cut);
            }
            if (cut == written) {
                expected.apply(unacknowledged);
            }
            live = open();
        }

        /** A compaction that did not get as far as its manifest leaves any part of its files behind. */
        private void crashInACompaction() throws IOException {
            Path seen = root.resolve("compacting-" + crashes);
            duringCompaction = _ -> unchecked(() -> {
                // One that was interrupted before makes two bases, of which the first is enough.
                if (Files.exists(seen)) {
                    return;
                }
                if (random.nextBoolean()) {
                    change();
                }
                copy(folder, seen);
            });
            live.compact();
            duringCompaction = _ -> {};
            if (!Files.exists(seen)) {
                return;
            }
            if (random.nextBoolean()) {
                damageUnpublishedFiles(seen);
            }
            crash(seen);
            live = open();
            if (random.nextBoolean()) {
                live.compact();
            }
        }

        private void damageUnpublishedFiles(Path set) throws IOException {
            long generation = CandidateManifest.read(set).generation() + 1;
            Path next = CandidateManifest.generationFolder(set, generation);
            try (ChangeLog log = ChangeLog.open(next, generation)) {
                log.append(new ChangeCodec(LAYOUT).encode(List.of(new Change.Remove(random.nextInt(5)))));
            }
            try (Stream<Path> files = Files.walk(set)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    boolean unpublished = file.startsWith(next) && random.nextInt(4) == 0;
                    if (unpublished) {
                        Files.delete(file);
                    }
                }
            }
        }

        /** Goes on with a copy of what is on the disk. */
        private void crash(Path found) throws IOException {
            Path next = root.resolve("crash-" + ++crashes);
            copy(found, next);
            live.close();
            folder = next;
        }

        private LiveCandidateSet open() throws IOException {
            boolean[] opened = {false};
            LiveCandidateSet set = LiveCandidateSet.open(
                    folder,
                    (keys, _) -> {
                        if (opened[0]) {
                            duringCompaction.accept(keys);
                        }
                        return new PlainScan(keys);
                    },
                    1,
                    2);
            opened[0] = true;
            return set;
        }

        private Path log() throws IOException {
            long generation = CandidateManifest.read(folder).generation();
            return CandidateManifest.generationFolder(folder, generation).resolve("changes.log");
        }

        private static void copy(Path from, Path to) throws IOException {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(from.relativize(file)));
                }
            }
        }

        private static void unchecked(IoAction action) {
            try {
                action.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @FunctionalInterface
    private interface IoAction {
        void run() throws IOException;
    }
}
