package dev.racnn.racnn;

/** Which numbers of an image the retrieval engine compares. */
public enum KeyKind {
    /** The flattened last map of phi': the paper's choice. */
    CONV,
    /** The 128 components before the last layer of g'. */
    PENULTIMATE,
    /** The pixels themselves: phi' is the identity (section 5.5). */
    PIXELS
}
