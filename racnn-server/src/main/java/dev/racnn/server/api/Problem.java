package dev.racnn.server.api;

import io.micronaut.http.HttpStatus;
import io.micronaut.serde.annotation.Serdeable;

/**
 * Why a request was not answered, as {@code application/problem+json} (RFC 9457).
 *
 * @param status HTTP status
 * @param title what the status means
 * @param detail what was wrong and what to do about it
 */
@Serdeable
record Problem(int status, String title, String detail) {
    static Problem of(HttpStatus status, String detail) {
        return new Problem(status.getCode(), status.getReason(), detail);
    }
}
