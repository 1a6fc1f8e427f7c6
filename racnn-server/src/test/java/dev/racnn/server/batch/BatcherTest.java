package dev.racnn.server.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatcherTest {
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());

    @Test
    void a_full_batch_goes_without_waiting() throws Exception {
        try (Batcher<Integer, Integer> batcher = squares(new BatchSettings(4, FOR_EVER, 100))) {
            assertThat(all(batcher.submit(List.of(1, 2, 3, 4)))).containsExactly(1, 4, 9, 16);
        }
        assertThat(batches).containsExactly(List.of(1, 2, 3, 4));
    }

    @Test
    void a_lone_item_goes_when_its_patience_is_over() throws Exception {
        try (Batcher<Integer, Integer> batcher = squares(new BatchSettings(4, Duration.ofMillis(1), 100))) {
            assertThat(all(batcher.submit(List.of(3)))).containsExactly(9);
        }
    }

    @Test
    void what_arrives_during_a_batch_is_computed_together() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Batcher<Integer, Integer> batcher = batcher(new BatchSettings(8, Duration.ZERO, 100), items -> {
            begun.countDown();
            await(go);
        })) {
            List<CompletableFuture<Integer>> results = new ArrayList<>(batcher.submit(List.of(0)));
            begun.await();
            for (int i = 1; i <= 10; i++) {
                results.addAll(batcher.submit(List.of(i)));
            }
            go.countDown();
            assertThat(all(results)).containsExactly(0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100);
        }
        assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3, 4, 5, 6, 7, 8), List.of(9, 10));
    }

    @Test
    void what_does_not_fit_is_refused_whole_and_told_when_to_come_again() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Batcher<Integer, Integer> batcher = batcher(new BatchSettings(2, Duration.ZERO, 3), items -> {
            begun.countDown();
            await(go);
        })) {
            List<CompletableFuture<Integer>> results = new ArrayList<>(batcher.submit(List.of(0)));
            begun.await();
            results.addAll(batcher.submit(List.of(1, 2)));

            assertThatThrownBy(() -> batcher.submit(List.of(3, 4)))
                    .isInstanceOfSatisfying(
                            QueueFullException.class,
                            e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(1)))
                    .hasMessageContaining("room for 3 images and 2 are waiting, so 2 more were refused");
            assertThat(batcher.waiting()).isEqualTo(2);
            results.addAll(batcher.submit(List.of(5)));
            go.countDown();
            assertThat(all(results)).containsExactly(0, 1, 4, 25);
        }
    }

    @Test
    void more_items_than_there_is_ever_room_for_are_wrong() {
        try (Batcher<Integer, Integer> batcher = squares(new BatchSettings(2, Duration.ZERO, 3))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> batcher.submit(List.of(1, 2, 3, 4)))
                    .withMessage("at most 3 images can be asked about at once, but there are 4");
        }
    }

    @Test
    void closing_answers_what_was_accepted_and_refuses_what_comes_later() throws Exception {
        Batcher<Integer, Integer> batcher = squares(new BatchSettings(100, FOR_EVER, 100));
        List<CompletableFuture<Integer>> results = batcher.submit(List.of(1, 2, 3));
        batcher.close();

        assertThat(results).allMatch(CompletableFuture::isDone);
        assertThat(all(results)).containsExactly(1, 4, 9);
        assertThatThrownBy(() -> batcher.submit(List.of(4)))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("shutting down");
    }

    @Test
    void an_item_that_cannot_be_computed_fails_alone() throws Exception {
        try (Batcher<Integer, Integer> batcher = batcher(new BatchSettings(3, FOR_EVER, 100), items -> {
            if (items.contains(2)) {
                throw new IllegalStateException("two");
            }
        })) {
            List<CompletableFuture<Integer>> results = batcher.submit(List.of(1, 2, 3));

            assertThat(results.get(0).get()).isOne();
            assertThatThrownBy(results.get(1)::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("two");
            assertThat(results.get(2).get()).isEqualTo(9);
            assertThat(all(batcher.submit(List.of(4, 5, 6)))).containsExactly(16, 25, 36);
        }
    }

    @Test
    void many_threads_get_what_they_asked_for_and_the_listener_counts_all() throws Exception {
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        List<Integer> wrong = Collections.synchronizedList(new ArrayList<>());
        try (Batcher<Integer, Integer> batcher = new Batcher<>(
                "test",
                new BatchSettings(7, Duration.ofMillis(1), 10_000),
                items -> items.stream().map(i -> i * i).toList(),
                (size, _, _) -> sizes.add(size))) {
            for (int thread = 0; thread < 8; thread++) {
                int first = thread * 100;
                threads.add(Thread.startVirtualThread(() -> {
                    for (int i = first; i < first + 100; i++) {
                        if (!all(submit(batcher, i)).equals(List.of(i * i))) {
                            wrong.add(i);
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(sizes).allMatch(size -> size >= 1 && size <= 7);
        assertThat(sizes.stream().mapToInt(i -> i).sum()).isEqualTo(800);
    }

    @Test
    void settings_that_cannot_work_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchSettings(0, Duration.ZERO, 1))
                .withMessageContaining("at least 1 image, but is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchSettings(1, Duration.ofMillis(-1), 1))
                .withMessageContaining("must not be negative");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchSettings(8, Duration.ZERO, 7))
                .withMessageContaining("8 images, but is for 7");
    }

    private Batcher<Integer, Integer> squares(BatchSettings settings) {
        return batcher(settings, _ -> {});
    }

    private Batcher<Integer, Integer> batcher(
            BatchSettings settings, java.util.function.Consumer<List<Integer>> first) {
        return new Batcher<>(
                "test",
                settings,
                items -> {
                    batches.add(items);
                    first.accept(items);
                    return items.stream().map(i -> i * i).toList();
                },
                BatchListener.NONE);
    }

    private static List<CompletableFuture<Integer>> submit(Batcher<Integer, Integer> batcher, int item) {
        try {
            return batcher.submit(List.of(item));
        } catch (QueueFullException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> all(List<CompletableFuture<Integer>> results) {
        return IntStream.range(0, results.size())
                .mapToObj(i -> results.get(i).join())
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
