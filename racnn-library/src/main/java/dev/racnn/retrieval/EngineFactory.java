package dev.racnn.retrieval;

/**
 * Which retrieval engine, with its settings: a value that makes engines over keys. Printed and parsed as a short text such
 * as {@code exact}, {@code lsh:tables=32,bits=16} or {@code auto}; settings that are left out have their defaults.
 */
@FunctionalInterface
public interface EngineFactory {
    /**
     * Makes an engine over keys.
     *
     * @param keys the candidates' keys: finite, ids unique. They are read by every search, by several threads, and must
     *     neither change nor be closed before the engine
     * @param threads threads that share the work of building and of one search, at least 1
     * @throws IllegalArgumentException if there is no candidate, an id is not unique, a component is not finite, or the
     *     settings do not fit the keys
     * @throws java.io.UncheckedIOException if its files cannot be written, or a cluster does not hold these keys
     */
    RetrievalEngine build(Keys keys, int threads);

    /** The engine that is built for some keys: this one, unless it is the keys that decide. */
    default EngineFactory chosenFor(Keys keys) {
        return this;
    }

    /** Whether it finds the true neighbours by construction, whatever the keys. */
    default boolean findsAll() {
        return false;
    }

    /** Whether it holds the keys already, somewhere else, and is not made of those that are given. */
    default boolean holdsKeys() {
        return false;
    }

    /**
     * Parses an engine and its settings.
     *
     * @throws IllegalArgumentException if the engine or a setting is unknown or a value is out of range
     */
    static EngineFactory parse(String text) {
        return EngineText.parse(text);
    }
}
