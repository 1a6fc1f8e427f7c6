package dev.racnn.server.batch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Computes what many threads ask for in batches, on one thread of its own. The queue before it is bounded: what does not
 * fit is refused at once, and never waits. What was accepted is answered, also while it closes.
 *
 * @param <I> an item
 * @param <O> its result
 */
public final class Batcher<I, O> implements AutoCloseable {
    private final BatchSettings settings;
    private final Function<List<I>, List<O>> work;
    private final BatchListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Deque<Waiting<I, O>> queue = new ArrayDeque<>();
    private final Thread worker;
    private boolean closing;
    private volatile long nanosPerItem;

    /**
     * Starts the thread.
     *
     * @param work computes the results of a batch, as many as items and in their order; what it throws is what every item of
     *     the batch fails with, unless the item succeeds alone
     */
    public Batcher(String name, BatchSettings settings, Function<List<I>, List<O>> work, BatchListener listener) {
        this.settings = settings;
        this.work = work;
        this.listener = listener;
        worker = Thread.ofPlatform().name(name).start(this::run);
    }

    /** An item on its way. */
    private record Waiting<I, O>(I item, long since, CompletableFuture<O> result) {}

    /**
     * Hands in items: all are accepted, or none.
     *
     * @return their results, in their order, which may come from different batches
     * @throws QueueFullException if there is no room for them
     * @throws RejectedExecutionException if this is closed
     * @throws IllegalArgumentException if there would never be room for so many
     */
    public List<CompletableFuture<O>> submit(List<I> items) throws QueueFullException {
        if (items.size() > settings.capacity()) {
            throw new IllegalArgumentException("at most %s images can be asked about at once, but there are %s"
                    .formatted(settings.capacity(), items.size()));
        }
        lock.lock();
        try {
            if (closing) {
                throw new RejectedExecutionException("the server is shutting down and takes no more requests");
            }
            if (queue.size() + items.size() > settings.capacity()) {
                throw new QueueFullException(queue.size(), settings.capacity(), items.size(), timeToEmpty());
            }
            long now = System.nanoTime();
            List<CompletableFuture<O>> results = new ArrayList<>();
            for (I item : items) {
                CompletableFuture<O> result = new CompletableFuture<>();
                queue.add(new Waiting<>(item, now, result));
                results.add(result);
            }
            arrived.signal();
            return results;
        } finally {
            lock.unlock();
        }
    }

    /** How many items wait. */
    public int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more items, and returns when those accepted are answered. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        for (List<Waiting<I, O>> batch = next(); !batch.isEmpty(); batch = next()) {
            long begin = System.nanoTime();
            compute(batch);
            long took = System.nanoTime() - begin;
            nanosPerItem = took / batch.size();
            listener.done(
                    batch.size(), Duration.ofNanos(begin - batch.getFirst().since()), Duration.ofNanos(took));
        }
    }

    /** Waits for the next batch; empty at the end. */
    private List<Waiting<I, O>> next() {
        lock.lock();
        try {
            while (queue.isEmpty() && !closing) {
                arrived.awaitUninterruptibly();
            }
            while (patienceLeft() > 0) {
                try {
                    arrived.awaitNanos(patienceLeft());
                } catch (InterruptedException _) {
                    // Nobody interrupts this thread; it ends when the queue is closed and empty.
                }
            }
            List<Waiting<I, O>> batch = new ArrayList<>();
            while (batch.size() < settings.largest() && !queue.isEmpty()) {
                batch.add(queue.removeFirst());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** For how many nanoseconds others may still join those that wait. */
    private long patienceLeft() {
        return queue.isEmpty() || queue.size() >= settings.largest() || closing
                ? 0
                : queue.getFirst().since() + settings.patience().toNanos() - System.nanoTime();
    }

    private void compute(List<Waiting<I, O>> batch) {
        try {
            List<O> results = work.apply(batch.stream().map(Waiting::item).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).result().complete(results.get(i));
            }
        } catch (RuntimeException | Error e) {
            if (batch.size() == 1) {
                batch.getFirst().result().completeExceptionally(e);
            } else {
                // One item must not take the others down with it.
                batch.forEach(one -> compute(List.of(one)));
            }
        }
    }

    private Duration timeToEmpty() {
        long nanos = nanosPerItem * queue.size();
        return Duration.ofSeconds(Math.max(1, Math.ceilDiv(nanos, 1_000_000_000L)));
    }
}
