package dev.racnn.opensearch;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A user of the cluster and the password, which is never printed. */
public record Credentials(String user, String password) {
    /** The value of the header {@code Authorization} (RFC 7617). */
    String authorization() {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public String toString() {
        return user + ":***";
    }
}
