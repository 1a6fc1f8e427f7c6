package dev.racnn.server.api;

import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.time.Duration;

/** What is around every request and every answer, also those that {@link Gate} refuses: measured, and with its headers. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class Envelope {
    private static final String BEGUN = "dev.racnn.begun";
    private static final String RETRY_SECONDS = "5";

    private final Draining draining;
    private final Metrics metrics;

    Envelope(Draining draining, Metrics metrics) {
        this.draining = draining;
        this.metrics = metrics;
    }

    @RequestFilter
    void open(HttpRequest<?> request) {
        request.setAttribute(BEGUN, System.nanoTime());
    }

    @ResponseFilter
    void close(HttpRequest<?> request, MutableHttpResponse<?> response) {
        if (request.removeAttribute(Gate.ENTERED, Boolean.class).isPresent()) {
            draining.end();
        }
        if (response.code() == HttpStatus.UNAUTHORIZED.getCode()) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        if (isRefusedForNow(response.code()) && !response.getHeaders().contains(HttpHeaders.RETRY_AFTER)) {
            response.header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        }
        SecurityHeaders.addTo(response);
        request.getAttribute(BEGUN, Long.class)
                .ifPresent(begun -> metrics.requested(
                        request.getMethodName(),
                        BasicHttpAttributes.getUriTemplate(request).orElse("none"),
                        response.code(),
                        Duration.ofNanos(System.nanoTime() - begun)));
    }

    private static boolean isRefusedForNow(int status) {
        return status == HttpStatus.SERVICE_UNAVAILABLE.getCode() || status == HttpStatus.TOO_MANY_REQUESTS.getCode();
    }
}
