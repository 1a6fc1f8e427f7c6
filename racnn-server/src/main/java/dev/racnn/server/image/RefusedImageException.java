package dev.racnn.server.image;

/** An image that is not taken. The message says why and what would be taken. */
public final class RefusedImageException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** An image that is not taken for a reason. */
    public RefusedImageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why an image is not taken. */
    public enum Reason {
        /** It is of no type that is taken. */
        TYPE,
        /** It is larger than allowed. */
        SIZE,
        /** It is not a whole image. */
        DAMAGE
    }

    /** Why the image is not taken. */
    public Reason reason() {
        return reason;
    }
}
