package dev.racnn.retrieval;

/**
 * A kind of engines that texts can name, {@code name} or {@code name:settings}. Further kinds are found as services of this
 * type ({@link java.util.ServiceLoader}).
 */
public interface EngineKind {
    /** What the texts of this kind begin with. */
    String name();

    /**
     * Parses an engine of this kind.
     *
     * @param text the whole text, the name included
     * @throws IllegalArgumentException if a setting is unknown or a value is out of range
     */
    EngineFactory parse(String text);
}
