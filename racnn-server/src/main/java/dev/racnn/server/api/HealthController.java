package dev.racnn.server.api;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Says whether the service lives, and whether requests should be sent to it. */
@Controller("/health")
@Tag(name = "operation")
class HealthController {
    private final Draining draining;

    HealthController(Draining draining) {
        this.draining = draining;
    }

    /**
     * The state of the service.
     *
     * @param status always UP: a service that is not does not answer
     */
    @Serdeable
    record Health(String status) {}

    /**
     * Answers as long as the process does its work at all.
     *
     * @return its state
     */
    @Get("/live")
    Health live() {
        return new Health("UP");
    }

    /**
     * Answers as long as the service takes requests: 503 from the moment on when it is told to end.
     *
     * @return its state
     */
    @Get("/ready")
    Health ready() {
        if (draining.hasBegun()) {
            throw new Refusal(HttpStatus.SERVICE_UNAVAILABLE, "the service is ending; send requests elsewhere");
        }
        return new Health("UP");
    }
}
