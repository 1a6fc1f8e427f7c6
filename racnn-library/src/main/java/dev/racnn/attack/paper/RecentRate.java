package dev.racnn.attack.paper;

import java.util.ArrayDeque;
import java.util.Deque;

/** How often the last few attempts succeeded. */
final class RecentRate {
    private static final double HIGH = 0.5;
    private static final double LOW = 0.2;

    private final int window;
    private final Deque<Boolean> attempts = new ArrayDeque<>();

    RecentRate(int window) {
        this.window = window;
    }

    void add(boolean success) {
        attempts.addLast(success);
        if (attempts.size() > window) {
            attempts.removeFirst();
        }
    }

    /** 1 if the rate of a full window is high, -1 if it is low, else 0; anything but 0 starts a new window. */
    int verdict() {
        if (attempts.size() < window) {
            return 0;
        }
        double rate = attempts.stream().filter(success -> success).count() / (double) window;
        int verdict = rate > HIGH ? 1 : rate < LOW ? -1 : 0;
        if (verdict != 0) {
            attempts.clear();
        }
        return verdict;
    }
}
