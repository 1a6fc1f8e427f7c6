package dev.racnn.retrieval;

/** The k nearest candidates offered so far: ascending by squared distance, then by id. */
final class NearestList {
    private final long[] ids;
    private final float[] distances;
    private int size;

    NearestList(int k) {
        ids = new long[k];
        distances = new float[k];
    }

    void offer(long id, float squaredDistance) {
        if (size == ids.length && !isBefore(id, squaredDistance, size - 1)) {
            return;
        }
        int place = 0;
        for (int end = size; place < end; ) {
            int middle = (place + end) >>> 1;
            if (isBefore(id, squaredDistance, middle)) {
                end = middle;
            } else {
                place = middle + 1;
            }
        }
        int moved = Math.min(size, ids.length - 1) - place;
        System.arraycopy(ids, place, ids, place + 1, moved);
        System.arraycopy(distances, place, distances, place + 1, moved);
        ids[place] = id;
        distances[place] = squaredDistance;
        size = Math.min(size + 1, ids.length);
    }

    int size() {
        return size;
    }

    /** Whether k candidates were offered. */
    boolean isFull() {
        return size == ids.length;
    }

    /** The squared distance of the last of the list, which must not be empty. */
    float farthest() {
        return distances[size - 1];
    }

    /** Writes the list to its row of a result and empties it. */
    void moveTo(long[] targetIds, float[] targetDistances, int offset) {
        System.arraycopy(ids, 0, targetIds, offset, size);
        System.arraycopy(distances, 0, targetDistances, offset, size);
        size = 0;
    }

    private boolean isBefore(long id, float squaredDistance, int place) {
        int order = Float.compare(squaredDistance, distances[place]);
        return order < 0 || (order == 0 && id < ids[place]);
    }
}
