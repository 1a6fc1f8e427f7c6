package dev.racnn.server.api;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Measurements for Prometheus. */
@Controller("/metrics")
@Tag(name = "operation")
class MetricsController {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Metrics metrics;

    MetricsController(Metrics metrics) {
        this.metrics = metrics;
    }

    /**
     * Latency by route, queue, batch size, retrieval time, neighbour distance and label agreement, candidates, memory.
     *
     * @return the text format of Prometheus
     */
    @Get
    @Produces(PROMETHEUS_TEXT)
    String metrics() {
        return metrics.text();
    }
}
