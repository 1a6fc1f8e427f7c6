package dev.racnn.data;

import java.lang.ref.Cleaner;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Images that were decoded already: those that are kept, while all of a process take no more than a quarter of its heap, and
 * those that were asked for ahead of their use, which are decoded in the background.
 */
final class DecodedImages {
    private static final AtomicLong ROOM = new AtomicLong(Runtime.getRuntime().maxMemory() / 4);
    private static final Cleaner CLEANER = Cleaner.create();
    /** Images that may be decoded ahead without having been used; what was announced before them is dropped then. */
    private static final int MOST_AHEAD = 1024;

    private final IntFunction<byte[]> decoder;
    private final AtomicReferenceArray<byte @Nullable []> kept;
    private final Map<Integer, ForkJoinTask<byte[]>> ahead = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    /** @param decoder makes the pixels of an image, on any thread */
    DecodedImages(int count, IntFunction<byte[]> decoder) {
        this.decoder = decoder;
        kept = new AtomicReferenceArray<>(count);
        AtomicLong taken = bytes;
        CLEANER.register(this, () -> ROOM.addAndGet(taken.get()));
    }

    /** The pixels of an image; whatever the decoder throws. */
    byte[] get(int index) {
        byte[] pixels = kept.get(index);
        if (pixels == null) {
            ForkJoinTask<byte[]> begun = ahead.remove(index);
            pixels = begun == null ? decoder.apply(index) : begun.join();
            keep(index, pixels);
        }
        return pixels;
    }

    private void keep(int index, byte[] pixels) {
        if (ROOM.addAndGet(-pixels.length) < 0) {
            ROOM.addAndGet(pixels.length);
        } else {
            bytes.addAndGet(pixels.length);
            kept.set(index, pixels);
        }
    }

    /** Begins to decode images in the background. */
    void prefetch(int... indices) {
        if (ahead.size() + indices.length > MOST_AHEAD) {
            ahead.values().forEach(task -> task.cancel(true));
            ahead.clear();
        }
        for (int index : indices) {
            if (kept.get(index) == null && ahead.size() < MOST_AHEAD) {
                ahead.computeIfAbsent(index, image -> ForkJoinPool.commonPool().submit(() -> decoder.apply(image)));
            }
        }
    }
}
