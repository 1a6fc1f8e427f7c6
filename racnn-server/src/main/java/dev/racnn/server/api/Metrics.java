package dev.racnn.server.api;

import dev.racnn.server.batch.BatchListener;
import dev.racnn.server.model.Verdict;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** What the service tells Prometheus about itself. */
public final class Metrics implements BatchListener, LongConsumer, AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DistributionSummary batchSizes;
    private final Timer queueing;
    private final Timer computing;
    private final Timer searching;
    private final DistributionSummary distances;
    private final DistributionSummary percentiles;
    private final DistributionSummary agreements;
    private final io.micrometer.core.instrument.Counter abstentions;

    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        batchSizes = DistributionSummary.builder("racnn.batch.images")
                .description("Images that were classified together")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128)
                .register(registry);
        queueing = timer("racnn.queue", "How long the first image of a batch waited");
        computing = timer("racnn.batch", "How long a batch was computed");
        searching = timer("racnn.retrieval", "How long the retrieval engine searched for a batch");
        distances = DistributionSummary.builder("racnn.neighbour.distance")
                .description("Mean distance of the features of an image to those of its neighbours")
                .publishPercentiles(0.5, 0.9, 0.99)
                .register(registry);
        percentiles = DistributionSummary.builder("racnn.manifold.percentile")
                .description("Share of candidates that lie nearer to their neighbours than the image to its")
                .serviceLevelObjectives(50, 75, 90, 95, 99, 99.9)
                .register(registry);
        agreements = DistributionSummary.builder("racnn.label.agreement")
                .description("Attention weight of the neighbours that have the label of the answer")
                .serviceLevelObjectives(0.2, 0.4, 0.6, 0.8, 0.999)
                .register(registry);
        abstentions = io.micrometer.core.instrument.Counter.builder("racnn.abstentions")
                .description("Images that were given no label")
                .register(registry);
    }

    /** A batch is done. */
    @Override
    public void done(int size, Duration waited, Duration took) {
        batchSizes.record(size);
        queueing.record(waited);
        computing.record(took);
    }

    /** A search took so many nanoseconds. */
    @Override
    public void accept(long nanoseconds) {
        searching.record(Duration.ofNanos(nanoseconds));
    }

    void answered(Verdict verdict, boolean abstained) {
        distances.record(verdict.evidence().distance());
        percentiles.record(verdict.evidence().percentile());
        agreements.record(verdict.evidence().agreement());
        if (abstained) {
            abstentions.increment();
        }
    }

    /** An attack ran. */
    public void attacked(String attack, Duration took) {
        Timer.builder("racnn.attack")
                .description("How long attacks ran")
                .tags("attack", attack)
                .register(registry)
                .record(took);
    }

    void requested(String method, String route, int status, Duration took) {
        Timer.builder("http.server.requests")
                .description("How long requests took, by route and status")
                .tags("method", method, "uri", route, "status", Integer.toString(status))
                .serviceLevelObjectives(milliseconds(5, 10, 25, 50, 100, 250, 500, 1000, 2500))
                .register(registry)
                .record(took);
    }

    void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** Everything, in the text format of Prometheus. */
    String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(milliseconds(1, 2, 5, 10, 25, 50, 100, 250, 1000))
                .register(registry);
    }

    private static Duration[] milliseconds(long... values) {
        return java.util.Arrays.stream(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
