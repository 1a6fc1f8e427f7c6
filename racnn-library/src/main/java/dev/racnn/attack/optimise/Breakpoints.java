package dev.racnn.attack.optimise;

/** Times at which variables reach their bounds, as a heap with the earliest on top. */
final class Breakpoints {
    private final double[] times;
    private final int[] variables;
    private int size;

    Breakpoints(int capacity) {
        times = new double[capacity];
        variables = new int[capacity];
    }

    void clear() {
        size = 0;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Adds without order; {@link #order} must follow. */
    void add(double time, int variable) {
        times[size] = time;
        variables[size++] = variable;
    }

    void order() {
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
    }

    double firstTime() {
        return times[0];
    }

    int removeFirst() {
        int first = variables[0];
        size--;
        times[0] = times[size];
        variables[0] = variables[size];
        sink(0);
        return first;
    }

    private void sink(int from) {
        double time = times[from];
        int variable = variables[from];
        int hole = from;
        while (true) {
            int child = 2 * hole + 1;
            if (child + 1 < size && times[child + 1] < times[child]) {
                child++;
            }
            if (child >= size || times[child] >= time) {
                break;
            }
            times[hole] = times[child];
            variables[hole] = variables[child];
            hole = child;
        }
        if (size > 0) {
            times[hole] = time;
            variables[hole] = variable;
        }
    }
}
