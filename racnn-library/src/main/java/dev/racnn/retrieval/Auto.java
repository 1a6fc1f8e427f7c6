package dev.racnn.retrieval;

/**
 * The engine {@code auto}: exact search as long as a scan is short, beyond that a graph. A scan takes time in proportion
 * to the numbers that it looks at, candidates times scanned dimensions; a graph hardly more for more candidates, but
 * it has to be built and misses some neighbours. {@code docs/engines.md} has the measurements.
 */
public record Auto() implements EngineFactory {
    /** The text that stands for it. */
    public static final String NAME = "auto";

    /**
     * Numbers in the longest scan: 2.4 ms of a core for a single query and 0.5 ms a query in a batch, computed from what was
     * measured; the networks take about as long for an image.
     */
    static final long LONGEST_SCAN = 20_000_000;

    /** The same where keys are wide: there a graph too has to look at many full keys. */
    static final long LONGEST_SCAN_OF_COMPONENTS = 2 * LONGEST_SCAN;

    @Override
    public IndexFactory chosenFor(Keys keys) {
        return choose(keys.size(), keys.dimension());
    }

    static IndexFactory choose(int candidates, int dimension) {
        Exact exact = new Exact();
        boolean narrow = dimension < Exact.WIDE;
        if ((long) candidates * exact.scanned(dimension) <= (narrow ? LONGEST_SCAN : LONGEST_SCAN_OF_COMPONENTS)) {
            return exact;
        }
        Hnsw graph = new Hnsw();
        return narrow ? graph : new Hnsw(graph.m(), graph.build(), new Approximation(0, 256, 200, 1));
    }

    /** The engine where all queries come in one batch, as in training: there exact search pays at any size. */
    public static EngineFactory forOneBatch(EngineFactory engine) {
        return engine instanceof Auto ? new Exact() : engine;
    }

    @Override
    public RetrievalEngine build(Keys keys, int threads) {
        return chosenFor(keys).build(keys, threads);
    }

    @Override
    public String toString() {
        return NAME;
    }
}
