package dev.racnn.racnn;

/** Which numbers of an image the retrieval engine compares. */
public enum KeyKind {
    /** The flattened last map of phi', before any pooling: the paper's choice. */
    CONV,
    /** What the last layer of g' sees: 128 numbers of the paper's networks, the 512 pooled features of a ResNet-18. */
    PENULTIMATE,
    /** The pixels themselves: phi' is the identity (section 5.5). */
    PIXELS
}
