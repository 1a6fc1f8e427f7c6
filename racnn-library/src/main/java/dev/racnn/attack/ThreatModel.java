package dev.racnn.attack;

/**
 * What an attacker with a fixed budget may do: move an image by at most epsilon in a norm, within the bounds.
 *
 * @param norm how the perturbation is measured
 * @param epsilon radius in the units of the pixels, not negative; infinity allows everything
 */
public record ThreatModel(Norm norm, double epsilon) {
    /** Relative slack that float32 projections need. */
    private static final double ROUNDING = 1e-4;

    public ThreatModel {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon must be at least 0, but is " + epsilon);
        }
    }

    /** Whether a perturbation of this length is allowed, up to the rounding of float32 projections. */
    public boolean allows(double length) {
        return length <= epsilon * (1 + ROUNDING) + 1e-6;
    }

    @Override
    public String toString() {
        return norm + " <= " + epsilon;
    }
}
