package dev.racnn.retrieval;

/**
 * The engine {@code auto}: exact search as long as a scan is short, beyond that a graph. A scan takes time in proportion
 * to the numbers that it looks at, candidates times scanned dimensions; a graph hardly more for more candidates, but
 * it has to be built and misses some neighbours. {@code docs/engines.md} has the measurements.
 */
public final class DefaultEngine {
    /** What stands for it in place of an engine. */
    public static final String AUTO = "auto";

    /**
     * Numbers in the longest scan: 2.4 ms of a core for a single query and 0.5 ms a query in a batch, computed from what was
     * measured; the networks take about as long for an image.
     */
    static final long LONGEST_SCAN = 20_000_000;

    /** Keys from this width on are searched by their principal components. */
    private static final int WIDE = 512;

    private DefaultEngine() {}

    /** The engine for so many keys. */
    public static EngineSpec choose(int candidates, int dimension) {
        EngineSpec.Exact exact = new EngineSpec.Exact();
        int scanned = dimension < 2 * exact.components() ? dimension : exact.components();
        if ((long) candidates * scanned <= LONGEST_SCAN) {
            return exact;
        }
        return EngineSpec.parse(dimension < WIDE ? "hnsw" : "hnsw:components=256,shortlist=200");
    }

    /**
     * The engine that a text means for these keys.
     *
     * @param text {@value #AUTO}, or what {@link EngineSpec#parse} takes
     * @throws IllegalArgumentException if the engine or a setting is unknown or a value is out of range
     */
    public static EngineSpec parse(String text, Keys keys) {
        return isAuto(text) ? choose(keys.size(), keys.dimension()) : EngineSpec.parse(text);
    }

    /**
     * The engine that a text means where all queries come in one batch, as in training: there exact search pays at any size.
     *
     * @throws IllegalArgumentException see {@link #parse}
     */
    public static EngineSpec parseForOneBatch(String text) {
        return isAuto(text) ? new EngineSpec.Exact() : EngineSpec.parse(text);
    }

    /** What reports call an engine: the one that {@value #AUTO} chose for these keys, any other text as it is. */
    public static String name(String text, Keys keys) {
        return isAuto(text) ? choose(keys.size(), keys.dimension()).toString() : text;
    }

    private static boolean isAuto(String text) {
        return text.strip().equals(AUTO);
    }
}
