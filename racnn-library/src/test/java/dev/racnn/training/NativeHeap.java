package dev.racnn.training;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * What the C library has handed out and not got back. The size of the process says less: it also grows when Java touches
 * pages of its heap for the first time.
 */
@SuppressWarnings("restricted")
final class NativeHeap {
    /** Places of {@code hblkhd}, bytes in mapped blocks, and {@code uordblks}, bytes in all others, in mallinfo2(3). */
    private static final int MAPPED = 4;

    private static final int OTHERS = 7;
    private static final int FIELDS = 10;

    private NativeHeap() {}

    /** Bytes in use; empty where the C library is not glibc. */
    static Optional<Long> bytesInUse() {
        return Linker.nativeLinker().defaultLookup().find("mallinfo2").map(NativeHeap::bytesInUse);
    }

    private static long bytesInUse(MemorySegment mallinfo) {
        MemoryLayout fields = MemoryLayout.structLayout(
                MemoryLayout.sequenceLayout(FIELDS, ValueLayout.JAVA_LONG).withName("fields"));
        try (Arena arena = Arena.ofConfined()) {
            var call = Linker.nativeLinker().downcallHandle(mallinfo, FunctionDescriptor.of(fields));
            MemorySegment info = (MemorySegment) call.invokeExact((SegmentAllocator) arena);
            return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED) + info.getAtIndex(ValueLayout.JAVA_LONG, OTHERS);
        } catch (Throwable e) {
            throw new IllegalStateException("mallinfo2 cannot be called", e);
        }
    }
}
