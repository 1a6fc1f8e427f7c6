package dev.racnn.attack.optimise;

/**
 * The line search of Moré and Thuente (1994): finds a step that satisfies the strong Wolfe conditions, from values and
 * slopes handed in one at a time.
 *
 * <p>With psi(s) = f(s) - f(0) - FTOL s f'(0), the search keeps an interval that contains a minimiser of psi, and steps by
 * safeguarded cubic and quadratic interpolation; once psi is not positive and the slope not negative, it works on f itself.
 */
final class MoreThuente {
    /** Sufficient decrease, curvature, and relative width of the interval at which the search gives up. */
    private static final double FTOL = 1e-3;

    private static final double GTOL = 0.9;
    private static final double XTOL = 0.1;

    private final double initialValue;
    private final double decrease;
    private final double initialSlope;
    private final double maximum;

    private boolean bracketed;
    private boolean modified = true;
    private double width;
    private double previousWidth;
    /** The end of the interval with the least value so far, and the other end. */
    private Sample best;

    private Sample other;
    private double low;
    private double high;
    private double step;

    private record Sample(double step, double value, double slope) {
        Sample tilted(double decrease) {
            return new Sample(step, value - step * decrease, slope - decrease);
        }

        Sample straightened(double decrease) {
            return new Sample(step, value + step * decrease, slope + decrease);
        }
    }

    /** What became of a step. */
    enum Verdict {
        /** Try the next step. */
        CONTINUE,
        /** The step satisfies the conditions, or no better one can be found. */
        ACCEPT
    }

    /**
     * Starts a search.
     *
     * @param value at step 0
     * @param slope at step 0, negative
     * @param step the first to try, positive
     * @param maximum the largest that may be tried
     */
    MoreThuente(double value, double slope, double step, double maximum) {
        this.initialValue = value;
        this.initialSlope = slope;
        this.decrease = FTOL * slope;
        this.maximum = maximum;
        this.step = step;
        this.width = maximum;
        this.previousWidth = 2 * maximum;
        this.best = new Sample(0, value, slope);
        this.other = best;
        this.high = 5 * step;
    }

    /** The step to evaluate. */
    double step() {
        return step;
    }

    /** Takes value and slope at {@link #step()}. */
    Verdict tell(double value, double slope) {
        double bound = initialValue + step * decrease;
        if (modified && value <= bound && slope >= 0) {
            modified = false;
        }
        boolean stuck = (bracketed && (step <= low || step >= high))
                || (bracketed && high - low <= XTOL * high)
                || (step == maximum && value <= bound && slope <= decrease)
                || (step == 0 && (value > bound || slope >= decrease));
        boolean wolfe = value <= bound && Math.abs(slope) <= GTOL * -initialSlope;
        if (stuck || wolfe) {
            return Verdict.ACCEPT;
        }
        Sample trial = new Sample(step, value, slope);
        // The modified function psi is used as long as a step with a lower f but without sufficient decrease is at
        // hand.
        if (modified && value <= best.value() && value > bound) {
            best = best.tilted(decrease);
            other = other.tilted(decrease);
            advance(trial.tilted(decrease));
            best = best.straightened(decrease);
            other = other.straightened(decrease);
        } else {
            advance(trial);
        }
        if (bracketed) {
            if (Math.abs(other.step() - best.step()) >= 0.66 * previousWidth) {
                step = best.step() + 0.5 * (other.step() - best.step());
            }
            previousWidth = width;
            width = Math.abs(other.step() - best.step());
            low = Math.min(best.step(), other.step());
            high = Math.max(best.step(), other.step());
        } else {
            low = step + 1.1 * (step - best.step());
            high = step + 4 * (step - best.step());
        }
        step = Math.clamp(step, 0, maximum);
        if (bracketed && (step <= low || step >= high || high - low <= XTOL * high)) {
            step = best.step();
        }
        return Verdict.CONTINUE;
    }

    /** Chooses the next step from the ends of the interval and the trial point, and updates the interval. */
    private void advance(Sample trial) {
        double next;
        double turn = trial.slope() * Math.signum(best.slope());
        double secant = trial.step() + trial.slope() / (trial.slope() - best.slope()) * (best.step() - trial.step());
        boolean newlyBracketed = bracketed;
        if (trial.value() > best.value()) {
            // A higher value: the minimum is bracketed.
            double cubic = cubicFromBest(trial);
            double quadratic = best.step()
                    + best.slope()
                            / ((best.value() - trial.value()) / (trial.step() - best.step()) + best.slope())
                            / 2
                            * (trial.step() - best.step());
            next = Math.abs(cubic - best.step()) < Math.abs(quadratic - best.step())
                    ? cubic
                    : cubic + (quadratic - cubic) / 2;
            newlyBracketed = true;
        } else if (turn < 0) {
            // A lower value and slopes of opposite sign: bracketed.
            double cubic = cubicFromTrial(trial, best, false);
            next = Math.abs(cubic - trial.step()) > Math.abs(secant - trial.step()) ? cubic : secant;
            newlyBracketed = true;
        } else if (Math.abs(trial.slope()) < Math.abs(best.slope())) {
            // A lower value, slopes of the same sign, the slope flattens.
            double cubic = cubicFromTrial(trial, best, true);
            if (bracketed) {
                next = Math.abs(cubic - trial.step()) < Math.abs(secant - trial.step()) ? cubic : secant;
                double limit = trial.step() + 0.66 * (other.step() - trial.step());
                next = trial.step() > best.step() ? Math.min(limit, next) : Math.max(limit, next);
            } else {
                next = Math.abs(cubic - trial.step()) > Math.abs(secant - trial.step()) ? cubic : secant;
                next = Math.clamp(next, Math.min(low, high), Math.max(low, high));
            }
        } else if (bracketed) {
            next = cubicFromTrial(trial, other, false);
        } else {
            next = trial.step() > best.step() ? high : low;
        }
        if (trial.value() > best.value()) {
            other = trial;
        } else {
            if (turn < 0) {
                other = best;
            }
            best = trial;
        }
        bracketed = newlyBracketed;
        step = next;
    }

    /** Minimiser of the cubic through the best and the trial point, measured from the best. */
    private double cubicFromBest(Sample trial) {
        double theta = 3 * (best.value() - trial.value()) / (trial.step() - best.step()) + best.slope() + trial.slope();
        double scale = Math.max(Math.abs(theta), Math.max(Math.abs(best.slope()), Math.abs(trial.slope())));
        double gamma =
                scale * Math.sqrt(theta / scale * (theta / scale) - best.slope() / scale * (trial.slope() / scale));
        if (trial.step() < best.step()) {
            gamma = -gamma;
        }
        double ratio = (gamma - best.slope() + theta) / (gamma - best.slope() + gamma + trial.slope());
        return best.step() + ratio * (trial.step() - best.step());
    }

    /**
     * Minimiser of the cubic through the trial and another point, measured from the trial.
     *
     * @param mayBeMissing whether the cubic may have no minimiser beyond the trial, in which case an end of the range is
     *     the answer
     */
    private double cubicFromTrial(Sample trial, Sample from, boolean mayBeMissing) {
        double theta = 3 * (from.value() - trial.value()) / (trial.step() - from.step()) + from.slope() + trial.slope();
        double scale = Math.max(Math.abs(theta), Math.max(Math.abs(from.slope()), Math.abs(trial.slope())));
        double square = theta / scale * (theta / scale) - from.slope() / scale * (trial.slope() / scale);
        double gamma = scale * Math.sqrt(mayBeMissing ? Math.max(0, square) : square);
        if (trial.step() > from.step()) {
            gamma = -gamma;
        }
        double numerator = gamma - trial.slope() + theta;
        double denominator = mayBeMissing
                ? gamma + (from.slope() - trial.slope()) + gamma
                : gamma - trial.slope() + gamma + from.slope();
        double ratio = numerator / denominator;
        if (mayBeMissing && !(ratio < 0 && gamma != 0)) {
            return trial.step() > from.step() ? high : low;
        }
        return trial.step() + ratio * (from.step() - trial.step());
    }
}
