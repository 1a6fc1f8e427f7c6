package dev.racnn.server.api;

import dev.racnn.server.ServerSettings;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.RouteAttributes;

/** What every request passes: by which name the service was asked, by whom, and whether it still takes requests. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class Gate {
    /** Marks a request that {@link Draining} waits for. */
    static final String ENTERED = "dev.racnn.entered";

    private final Token token;
    private final HostNames hosts;
    private final Draining draining;

    Gate(ServerSettings settings, Draining draining) {
        token = new Token(settings.token());
        hosts = HostNames.of(settings);
        this.draining = draining;
    }

    @RequestFilter
    void enter(HttpRequest<?> request) {
        hosts.require(request.getHeaders().get(HttpHeaders.HOST));
        boolean needsToken = RouteAttributes.getRouteInfo(request)
                .filter(route -> route.getAnnotationMetadata().hasAnnotation(NeedsToken.class))
                .isPresent();
        if (needsToken) {
            token.require(request.getHeaders().get(HttpHeaders.AUTHORIZATION));
        }
        if (request.getPath().startsWith("/v1/")) {
            if (!draining.begin()) {
                throw new Refusal(HttpStatus.SERVICE_UNAVAILABLE, "the service is ending; send the request elsewhere");
            }
            request.setAttribute(ENTERED, true);
        }
    }
}
