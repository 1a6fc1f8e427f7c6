package dev.racnn.attack;

import java.lang.management.ManagementFactory;
import java.util.Objects;

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
     * Processor time of the whole process. With a single computing thread on an idle machine this is the time on the wall; on
     * a busy one it leaves out the time in which others had the processor.
     */
    CPU {
        @Override
        long nanoseconds() {
            return Objects.requireNonNull(
                            ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class))
                    .getProcessCpuTime();
        }
    };

    /** Nanoseconds since some moment. */
    abstract long nanoseconds();

    /** Seconds since a moment that {@link #nanoseconds} gave. */
    double secondsSince(long begin) {
        return (nanoseconds() - begin) / 1e9;
    }
}
