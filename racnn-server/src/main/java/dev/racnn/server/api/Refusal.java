package dev.racnn.server.api;

import dev.racnn.server.batch.QueueFullException;
import dev.racnn.server.image.RefusedImageException;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;

/** A request that is not answered, with the reason that its client is told. */
final class Refusal extends HttpStatusException {
    private static final long serialVersionUID = 1;

    Refusal(HttpStatus status, String detail) {
        super(status, detail);
    }

    private Refusal(HttpStatus status, String detail, Throwable cause) {
        super(status, detail);
        initCause(cause);
    }

    /** There are too many requests. */
    static Refusal of(QueueFullException e) {
        return new Refusal(HttpStatus.TOO_MANY_REQUESTS, "%s".formatted(e.getMessage()), e);
    }

    /** An image is not taken. */
    static Refusal of(String image, RefusedImageException e) {
        HttpStatus status = switch (e.reason()) {
            case TYPE -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
            case SIZE -> HttpStatus.REQUEST_ENTITY_TOO_LARGE;
            case DAMAGE -> HttpStatus.UNPROCESSABLE_ENTITY;
        };
        return new Refusal(status, image + ": " + e.getMessage(), e);
    }
}
