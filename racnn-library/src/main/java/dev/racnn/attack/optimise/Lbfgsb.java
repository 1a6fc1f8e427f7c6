package dev.racnn.attack.optimise;

/**
 * L-BFGS-B: minimises a smooth function of many variables within a box (Byrd, Lu, Nocedal and Zhu, 1995; version 3.0 with
 * the projected subspace step, Morales and Nocedal, 2011).
 *
 * <p>Each iteration follows the projected steepest descent path of the quadratic model to the generalised Cauchy point,
 * minimises the model over the variables that are free there, and searches along the line to the result.
 *
 * <p>Control is inverted: {@link #point()} says where value and gradient are wanted, {@link #tell} takes them. So many
 * problems can share one evaluation of a model.
 */
public final class Lbfgsb {
    private static final double MACHINE_EPSILON = 0x1p-52;
    private static final int MAX_LINE_SEARCH = 20;

    /**
     * When to stop, and how much to remember.
     *
     * @param memory how many correction pairs, at least 1
     * @param maxIterations how many line searches at most, at least 1
     * @param maxEvaluations checked after each iteration, at least 1
     * @param relativeReduction stop when an iteration lowers the value by less than this, relative to the larger of the two
     *     values and 1
     * @param projectedGradient stop when no component of the projected gradient is larger
     */
    public record Settings(
            int memory, int maxIterations, int maxEvaluations, double relativeReduction, double projectedGradient) {
        public Settings {
            if (memory < 1 || maxIterations < 1 || maxEvaluations < 1) {
                throw new IllegalArgumentException(
                        "memory, maxIterations and maxEvaluations must be at least 1, but are %s, %s and %s"
                                .formatted(memory, maxIterations, maxEvaluations));
            }
        }

        /** The tolerances that SciPy chooses: factr 1e7, pgtol 1e-5, 15,000 evaluations. */
        public static Settings scipy(int memory, int maxIterations) {
            return new Settings(memory, maxIterations, 15_000, 1e7 * MACHINE_EPSILON, 1e-5);
        }
    }

    private final Settings settings;
    private final Box box;
    private final CompactModel model;
    private final CauchyPoint cauchy;
    private final SubspaceStep subspace;
    private final int n;

    /** Current iterate, and value and gradient there. */
    private final double[] x;

    private final double[] gradient;
    private double value;

    /** Search direction, and the point under evaluation with its gradient. */
    private final double[] direction;

    private final double[] trial;
    private MoreThuente search;
    private double slope;
    private int lineSearchSteps;

    private int iterations;
    private int evaluations;
    private boolean started;
    private boolean done;

    /**
     * Poses a problem.
     *
     * @param start where to begin, moved into the box if it is not there
     * @param low lower bound of every variable
     * @param high upper bound of every variable
     */
    public Lbfgsb(double[] start, double low, double high, Settings settings) {
        this.settings = settings;
        this.n = start.length;
        this.box = new Box(low, high);
        this.model = new CompactModel(n, settings.memory());
        this.cauchy = new CauchyPoint(box, model, n);
        this.subspace = new SubspaceStep(box, model, n);
        this.x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = Math.clamp(start[i], low, high);
        }
        this.gradient = new double[n];
        this.direction = new double[n];
        this.trial = x.clone();
        this.search = new MoreThuente(0, -1, 1, 1);
    }

    /** Where value and gradient are wanted next; valid until {@link #tell} is called, not to be changed. */
    public double[] point() {
        return trial;
    }

    /** Whether the search is over. */
    public boolean done() {
        return done;
    }

    /** The best iterate; not to be changed. */
    public double[] solution() {
        return x;
    }

    /** The value at {@link #solution()}. */
    public double value() {
        return value;
    }

    /** How often value and gradient have been taken. */
    public int evaluations() {
        return evaluations;
    }

    /**
     * Takes value and gradient at {@link #point()}.
     *
     * @param newValue of the function
     * @param newGradient as long as the point; read, not kept
     */
    public void tell(double newValue, double[] newGradient) {
        if (done) {
            throw new IllegalStateException("the search is over; read solution()");
        }
        evaluations++;
        if (!started) {
            started = true;
            value = newValue;
            System.arraycopy(newGradient, 0, gradient, 0, n);
            if (box.projectedGradient(x, gradient) <= settings.projectedGradient()) {
                done = true;
            } else {
                startIteration();
            }
            return;
        }
        double newSlope = Vectors.dot(newGradient, direction);
        if (search.tell(newValue, newSlope) == MoreThuente.Verdict.ACCEPT) {
            accept(newValue, newGradient, newSlope);
        } else if (++lineSearchSteps >= MAX_LINE_SEARCH) {
            giveUpLineSearch();
        } else {
            place(search.step());
        }
    }

    /** Finds a direction and begins a line search along it; without any memory left to drop, ends. */
    private void startIteration() {
        while (true) {
            if (!findDirection()) {
                model.forget();
                continue;
            }
            slope = Vectors.dot(gradient, direction);
            if (slope < 0) {
                lineSearchSteps = 0;
                // All variables are bounded on both sides, so the full step is tried even in the first iteration.
                search = new MoreThuente(value, slope, 1, iterations == 0 ? 1 : box.longestStep(x, direction));
                place(search.step());
                return;
            }
            if (model.size() == 0) {
                done = true;
                return;
            }
            model.forget();
        }
    }

    /** False if the quadratic model has become singular. */
    private boolean findDirection() {
        if (!cauchy.find(x, gradient)) {
            return false;
        }
        double[] target = cauchy.point();
        if (model.size() > 0 && cauchy.freeCount() > 0 && !subspace.improve(x, gradient, cauchy)) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            direction[i] = target[i] - x[i];
        }
        return true;
    }

    private void place(double step) {
        double[] target = cauchy.point();
        if (step == 1) {
            System.arraycopy(target, 0, trial, 0, n);
        } else {
            for (int i = 0; i < n; i++) {
                trial[i] = x[i] + step * direction[i];
            }
        }
    }

    private void giveUpLineSearch() {
        if (model.size() == 0) {
            done = true;
        } else {
            model.forget();
            startIteration();
        }
    }

    private void accept(double newValue, double[] newGradient, double newSlope) {
        iterations++;
        double reduction = value - newValue;
        boolean converged = box.projectedGradient(trial, newGradient) <= settings.projectedGradient()
                || reduction
                        <= settings.relativeReduction() * Math.max(Math.max(Math.abs(value), Math.abs(newValue)), 1)
                || iterations >= settings.maxIterations()
                || evaluations > settings.maxEvaluations();
        if (!converged) {
            remember(newGradient, newSlope);
        }
        System.arraycopy(trial, 0, x, 0, n);
        System.arraycopy(newGradient, 0, gradient, 0, n);
        value = newValue;
        if (converged) {
            done = true;
        } else {
            startIteration();
        }
    }

    /** Adds the pair of step and change of the gradient to the model, if the curvature along it is positive. */
    private void remember(double[] newGradient, double newSlope) {
        double step = search.step();
        double curvature = (newSlope - slope) * step;
        if (curvature <= MACHINE_EPSILON * -slope * step) {
            return;
        }
        double[] change = new double[n];
        double[] move = new double[n];
        for (int i = 0; i < n; i++) {
            change[i] = newGradient[i] - gradient[i];
            move[i] = step * direction[i];
        }
        if (!model.add(move, change, curvature)) {
            model.forget();
        }
    }
}
