package dev.racnn.attack;

/**
 * Where an iterated attack stands.
 *
 * @param run number of the run from 0: a restart, or the next class that is aimed at
 * @param runs how many there are at most
 * @param number of the step within the run, from 0
 * @param of how many steps a run has
 */
public record Step(int run, int runs, int number, int of) {
    public Step {
        if (run < 0 || run >= runs || number < 0 || number >= of) {
            throw new IllegalArgumentException(
                    "step must be one of %s and run one of %s, but are %s and %s".formatted(of, runs, number, run));
        }
    }

    /** The part of the run that lies behind: 0 at the first step, 1 at the last. */
    public double share() {
        return of == 1 ? 1 : number / (of - 1.0);
    }
}
