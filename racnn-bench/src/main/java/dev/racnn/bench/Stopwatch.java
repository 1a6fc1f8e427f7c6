package dev.racnn.bench;

import java.lang.management.ManagementFactory;

/** What a benchmark measures time by. */
public enum Stopwatch {
    /** Time on the wall. */
    WALL {
        @Override
        long nanoseconds() {
            return System.nanoTime();
        }
    },
    /**
     * Processor time of the calling thread. With a single computing thread on an idle machine this is the time on the wall;
     * on a busy one it leaves out the time in which others had the processor. What an attack leaves to helper threads (the
     * paper's L-BFGS and Boundary draw and solve in parallel) is not in it.
     */
    CPU {
        @Override
        long nanoseconds() {
            return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }
    };

    /** Nanoseconds since some moment. */
    abstract long nanoseconds();

    /** Seconds since a moment that {@link #nanoseconds} gave. */
    double secondsSince(long begin) {
        return (nanoseconds() - begin) / 1e9;
    }
}
