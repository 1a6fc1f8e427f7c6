package dev.racnn.retrieval;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads that share the tasks of a search: the caller is one of them, so a single thread needs no
 * hand-over at all. Safe for concurrent use; concurrent callers share the other threads.
 */
final class Workers implements AutoCloseable {
    private final int threads;
    private final ExecutorService others;

    /** @param threads threads that work on one call, the caller included, at least 1 */
    Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but was %s".formatted(threads));
        }
        this.threads = threads;
        this.others = Executors.newFixedThreadPool(
                Math.max(1, threads - 1),
                Thread.ofPlatform().daemon().name("racnn-retrieval-", 0).factory());
    }

    int threads() {
        return threads;
    }

    /** The threads other than the caller. */
    ExecutorService executor() {
        return others;
    }

    /**
     * Runs {@code task} for 0, 1, .., {@code count - 1} and returns when all are done; the first failure is thrown when
     * no other thread works on them any more.
     *
     * @throws IllegalStateException if closed
     */
    void forEach(int count, IntConsumer task) {
        AtomicInteger next = new AtomicInteger();
        Runnable share = () -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                task.accept(i);
            }
        };
        List<Future<?>> shares = new ArrayList<>();
        RuntimeException failure = null;
        try {
            for (int i = 1; i < Math.min(threads, count); i++) {
                shares.add(others.submit(share));
            }
            share.run();
        } catch (RejectedExecutionException e) {
            failure = new IllegalStateException("the retrieval engine is closed; open it again", e);
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            next.set(count);
            for (Future<?> other : shares) {
                RuntimeException another = await(other);
                failure = failure == null ? another : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Waits until a share is done; returns its failure, if there is one. */
    private static @Nullable RuntimeException await(Future<?> share) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    share.get();
                    return null;
                } catch (InterruptedException _) {
                    // The task still writes into the caller's arrays, so it cannot be left behind.
                    interrupted = true;
                } catch (ExecutionException failure) {
                    return failure.getCause() instanceof RuntimeException cause
                            ? cause
                            : new IllegalStateException("a retrieval thread failed", failure.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        others.shutdown();
    }
}
