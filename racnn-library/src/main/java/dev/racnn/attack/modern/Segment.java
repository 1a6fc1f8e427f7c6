package dev.racnn.attack.modern;

/** Points on the line between two images. */
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
}
