package dev.racnn.server.api;

import dev.racnn.files.Sha256;
import io.micronaut.http.HttpStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The token of the operator, of which only a digest is kept. */
final class Token {
    private static final String SCHEME = "Bearer ";

    private final byte[] digest;

    Token(String token) {
        digest = digest(token);
    }

    /** Refuses a request whose header {@code Authorization} does not present the token. */
    void require(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new Refusal(
                    HttpStatus.UNAUTHORIZED,
                    "this needs the token of the operator; send the header 'Authorization: Bearer TOKEN'");
        }
        // Digests are compared in a time that does not depend on where they differ.
        if (!MessageDigest.isEqual(
                digest, digest(authorization.substring(SCHEME.length()).strip()))) {
            throw new Refusal(HttpStatus.UNAUTHORIZED, "the token is not that of the operator");
        }
    }

    private static byte[] digest(String text) {
        return Sha256.begin().digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
