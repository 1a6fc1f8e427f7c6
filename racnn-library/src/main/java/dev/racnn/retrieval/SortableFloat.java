package dev.racnn.retrieval;

/** A float and an int in one long; such longs are ordered as the floats are, and then as the ints are. */
final class SortableFloat {
    private SortableFloat() {}

    /** @param second not negative */
    static long pair(float first, int second) {
        return (long) turned(Float.floatToIntBits(first)) << Integer.SIZE | second;
    }

    static float first(long pair) {
        return Float.intBitsToFloat(turned((int) (pair >> Integer.SIZE)));
    }

    static int second(long pair) {
        return (int) pair;
    }

    /** The bits of negative floats are ordered the wrong way round. */
    private static int turned(int bits) {
        return bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
    }
}
