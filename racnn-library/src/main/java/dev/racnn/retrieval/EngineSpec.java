package dev.racnn.retrieval;

/**
 * Which retrieval engine to build, with its settings. Printed and parsed as a short string such as {@code exact},
 * {@code lsh:tables=32,bits=16} or {@code hnsw:m=16,project=256}; settings that are left out have their defaults.
 *
 * <p>Engines can search a projection of the keys in place of the keys, random (Bingham and Mannila, "Random projection in
 * dimensionality reduction", KDD 2001) or onto principal components; its best candidates are then ranked by the full
 * keys.
 */
public sealed interface EngineSpec {
    /** Dimension of the random projection that is searched, or 0 for none. */
    int project();

    /** Principal components that are searched, or 0 for none; keys of no more dimensions are searched themselves. */
    int components();

    /** Seed of the projection and of everything else that is drawn. */
    long seed();

    /** What an index is built with: these settings, with the defaults of what matters to a search only. */
    EngineSpec forBuilding();

    /**
     * Parses an engine and its settings.
     *
     * @throws IllegalArgumentException if the engine or a setting is unknown or a value is out of range
     */
    static EngineSpec parse(String text) {
        return EngineSpecText.parse(text);
    }

    /**
     * Every query against every candidate. Principal components serve as lower bounds of the distances, so that most
     * candidates need no look at their full keys; the answer is exact all the same.
     *
     * @param components scanned for every candidate; half as many more narrow down those that come near. Used if the
     *     keys have at least twice as many dimensions, there are at least four times as many candidates, and the
     *     components keep nine tenths of the variance
     */
    record Exact(int components, long seed) implements EngineSpec {
        public Exact {
            checkRange("components", components, 0, 65_536);
        }

        /** The defaults. */
        public Exact() {
            this(256, 1);
        }

        @Override
        public int project() {
            return 0;
        }

        @Override
        public EngineSpec forBuilding() {
            return this;
        }

        @Override
        public String toString() {
            return EngineSpecText.print(this);
        }
    }

    /**
     * Locality-sensitive hashing with p-stable distributions (Datar, Immorlica, Indyk and Mirrokni, SoCG 2004), several
     * buckets a table probed (Lv, Josephson, Wang, Charikar and Li, VLDB 2007).
     *
     * @param tables L, hash tables, from 1 to 1024
     * @param bits m, hash functions that a table concatenates, from 1 to 64
     * @param probes buckets looked up in every table, from 1
     * @param width w, width of a hash function's cells, in mean distances to the 10th neighbour
     */
    record Lsh(int tables, int bits, int probes, double width, int project, int components, int shortlist, long seed)
            implements EngineSpec {
        public Lsh {
            checkCommon(project, components, shortlist);
            checkRange("tables", tables, 1, 1024);
            checkRange("bits", bits, 1, 64);
            checkRange("probes", probes, 1, 1 << 16);
            if (!(width > 0 && width < 1e6)) {
                throw new IllegalArgumentException("width must be above 0 and below 1e6, but was " + width);
            }
        }

        /** The defaults. */
        public Lsh() {
            this(32, 16, 24, 4, 0, 0, 60, 1);
        }

        @Override
        public EngineSpec forBuilding() {
            Lsh defaults = new Lsh();
            return new Lsh(tables, bits, defaults.probes, width, project, components, defaults.shortlist, seed);
        }

        @Override
        public String toString() {
            return EngineSpecText.print(this);
        }
    }

    /**
     * Signs of random projections (Charikar, STOC 2002) compared by Hamming distance, all of them scanned.
     *
     * @param bits length of a code, a multiple of 64 up to 4096
     */
    record Codes(int bits, int project, int components, int shortlist, long seed) implements EngineSpec {
        public Codes {
            checkCommon(project, components, shortlist);
            checkRange("bits", bits, 64, 4096);
            if (bits % 64 != 0) {
                throw new IllegalArgumentException("bits of a code must be a multiple of 64, but was " + bits);
            }
        }

        /** The defaults. */
        public Codes() {
            this(256, 0, 0, 200, 1);
        }

        @Override
        public EngineSpec forBuilding() {
            return new Codes(bits, project, components, new Codes().shortlist, seed);
        }

        @Override
        public String toString() {
            return EngineSpecText.print(this);
        }
    }

    /**
     * A hierarchical navigable small-world graph (Malkov and Yashunin, TPAMI 2020), held by Lucene.
     *
     * @param m M, neighbours of a node in the graph, from 2 to 512
     * @param build efConstruction, candidates kept while a node is inserted, from m to 3200
     * @param shortlist ef, candidates kept while the graph is searched
     */
    record Hnsw(int m, int build, int project, int components, int shortlist, long seed) implements EngineSpec {
        public Hnsw {
            checkCommon(project, components, shortlist);
            checkRange("m", m, 2, 512);
            checkRange("build", build, m, 3200);
        }

        /** The defaults. */
        public Hnsw() {
            this(16, 200, 0, 0, 50, 1);
        }

        @Override
        public EngineSpec forBuilding() {
            return new Hnsw(m, build, project, components, new Hnsw().shortlist, seed);
        }

        @Override
        public String toString() {
            return EngineSpecText.print(this);
        }
    }

    private static void checkCommon(int project, int components, int shortlist) {
        checkRange("project", project, 0, 65_536);
        checkRange("components", components, 0, 65_536);
        if (project > 0 && components > 0) {
            throw new IllegalArgumentException(
                    "settings project and components exclude each other, but are %s and %s; leave one of them out"
                            .formatted(project, components));
        }
        checkRange("shortlist", shortlist, 1, 1 << 24);
    }

    private static void checkRange(String setting, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "setting %s must be from %s to %s, but was %s".formatted(setting, least, most, value));
        }
    }
}
