package dev.racnn.server;

import dev.racnn.server.batch.BatchSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the service is offered.
 *
 * @param host name or address of the interface to listen at
 * @param port to listen at; 0 for a free one
 * @param allowedHosts names, besides those of the loopback interface, that requests may be addressed to
 * @param token what a request has to present that changes candidates or runs an attack, at least 16 characters
 * @param batches how requests are computed together
 * @param limits how much a request may ask for
 * @param abstention when there is no label
 * @param grace how long accepted requests have to finish when the service ends
 * @param attackTime how long an attack may take
 * @param report the page of an evaluation, to be shown; null if there is none
 */
public record ServerSettings(
        String host,
        int port,
        Set<String> allowedHosts,
        String token,
        BatchSettings batches,
        Limits limits,
        Abstention abstention,
        Duration grace,
        Duration attackTime,
        @Nullable Path report) {
    /** What a batch is unless it is said otherwise. */
    public static final BatchSettings BATCHES = new BatchSettings(32, Duration.ofMillis(2), 256);

    private static final int SHORTEST_TOKEN = 16;

    public ServerSettings {
        allowedHosts = Set.copyOf(allowedHosts);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be from 0 to 65535, but is " + port);
        }
        if (token.length() < SHORTEST_TOKEN) {
            throw new IllegalArgumentException(
                    "the token must have at least %s characters, but has %s; make one with `openssl rand -hex 16`"
                            .formatted(SHORTEST_TOKEN, token.length()));
        }
        if (limits.images() > batches.capacity()) {
            throw new IllegalArgumentException(
                    "the queue must have room for a whole request, %s images, but is for %s; enlarge the queue"
                            .formatted(limits.images(), batches.capacity()));
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("the time to finish must not be negative, but is " + grace);
        }
        if (!attackTime.isPositive()) {
            throw new IllegalArgumentException("the time for an attack must be positive, but is " + attackTime);
        }
    }

    /** The same without the token, which no log may hold. */
    @Override
    public String toString() {
        return "ServerSettings[%s:%s, %s, %s, %s]".formatted(host, port, batches, limits, abstention);
    }
}
