package dev.racnn.attack.modern;

import dev.racnn.model.Bounds;

/** Points on lines through images. */
final class Segment {
    private Segment() {}

    /** The point at this share of the way. */
    static float[] point(float[] from, float[] to, double share) {
        float[] point = new float[from.length];
        for (int i = 0; i < point.length; i++) {
            point[i] = (float) ((1 - share) * from[i] + share * to[i]);
        }
        return point;
    }

    /** The point so many times a direction away, clipped to the bounds. */
    static float[] along(Bounds bounds, float[] from, double[] direction, double length) {
        float[] point = new float[from.length];
        for (int i = 0; i < point.length; i++) {
            point[i] = bounds.clip(from[i] + length * direction[i]);
        }
        return point;
    }
}
