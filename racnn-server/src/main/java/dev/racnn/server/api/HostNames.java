package dev.racnn.server.api;

import dev.racnn.server.ServerSettings;
import io.micronaut.http.HttpStatus;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names by which the service may be addressed. A page of somebody else, opened on the machine of the operator, can have its
 * own name resolved to this machine (DNS rebinding) and then read what the service answers without a token; such requests
 * carry that name.
 *
 * @param names in lower case; empty for any
 */
record HostNames(Set<String> names) {
    HostNames {
        names = Set.copyOf(names);
    }

    /** A service for this machine alone goes by the names of the loopback interface; another one by any unless some are given. */
    static HostNames of(ServerSettings settings) {
        Set<String> names = new HashSet<>();
        settings.allowedHosts().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        if (isLoopback(settings.host()) || !names.isEmpty()) {
            names.addAll(
                    List.of("localhost", "127.0.0.1", "[::1]", settings.host().toLowerCase(Locale.ROOT)));
        }
        return new HostNames(names);
    }

    /** Refuses a request whose header {@code Host} has another name. */
    void require(@Nullable String host) {
        if (!names.isEmpty() && !names.contains(name(host))) {
            throw new Refusal(
                    HttpStatus.MISDIRECTED_REQUEST,
                    "the service does not go by the name in the header 'Host'; its operator can allow it with"
                            + " --allow-host");
        }
    }

    private static String name(@Nullable String host) {
        return host == null ? "" : host.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
