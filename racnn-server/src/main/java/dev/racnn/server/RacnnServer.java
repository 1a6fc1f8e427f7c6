package dev.racnn.server;

import dev.racnn.server.api.Draining;
import dev.racnn.server.api.Metrics;
import dev.racnn.server.attack.AttackJobs;
import dev.racnn.server.attack.Attacker;
import dev.racnn.server.audit.AuditLog;
import dev.racnn.server.model.ServedModel;
import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.netty.NettyEmbeddedServer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The running service. */
public final class RacnnServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RacnnServer.class.getName());

    /** How long clients have to take a refusal, once everything else is answered. */
    private static final Duration REFUSING = Duration.ofSeconds(1);

    private static final String MULTIPART = "micronaut.server.multipart.";

    private final NettyEmbeddedServer server;
    private final URI address;
    private final ServerSettings settings;
    private final Draining draining;
    private final AttackJobs attacks;

    private RacnnServer(NettyEmbeddedServer server, ServerSettings settings, Draining draining, AttackJobs attacks) {
        this.server = server;
        this.settings = settings;
        this.draining = draining;
        this.attacks = attacks;
        address = server.getURI();
    }

    /**
     * Starts to answer.
     *
     * @param model closed by the caller after this
     * @param metrics that the model's searches are told to
     * @throws IOException if it cannot listen there
     */
    public static RacnnServer start(ServerSettings settings, ServedModel model, Metrics metrics) throws IOException {
        Draining draining = new Draining();
        AuditLog audit = AuditLog.open(model.folder(), InstantSource.system());
        AttackJobs attacks = new AttackJobs(
                new Attacker(model),
                settings.attackTime(),
                (order, took) -> metrics.attacked(order.kind().name(), took));
        ApplicationContext context = ApplicationContext.builder()
                .banner(false)
                .deduceEnvironment(false)
                .bootstrapEnvironment(false)
                .environmentPropertySource(false)
                .eagerInitSingletons(true)
                .properties(properties(settings))
                .singletons(
                        settings,
                        settings.limits(),
                        settings.batches(),
                        settings.abstention(),
                        model,
                        metrics,
                        audit,
                        attacks,
                        draining)
                .build();
        try {
            context.start();
            return new RacnnServer(context.getBean(NettyEmbeddedServer.class).start(), settings, draining, attacks);
        } catch (RuntimeException e) {
            attacks.close();
            context.close();
            throw new IOException(
                    "the service cannot listen at %s, port %s: %s; is another one running there?"
                            .formatted(settings.host(), settings.port(), rootMessage(e)),
                    e);
        }
    }

    /** Where it is. */
    public URI address() {
        return address;
    }

    /**
     * Refuses new requests, finishes those that it has taken as far as its settings leave them time, calls attacks off, and ends.
     *
     * @return how many requests were cut off
     */
    public int end() {
        int unanswered = draining.drain(settings.grace());
        attacks.close();
        endConnections();
        server.stop();
        return unanswered;
    }

    /** The same as {@link #end}. */
    @Override
    public void close() {
        end();
    }

    /** Who is being refused gets the refusal: what words it ends with the server. */
    private void endConnections() {
        try {
            server.shutdownGracefully().toCompletableFuture().get(REFUSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.DEBUG, "connections are cut that did not end by themselves", e);
        }
    }

    private static Map<String, Object> properties(ServerSettings settings) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("micronaut.server.host", settings.host());
        properties.put("micronaut.server.port", settings.port() == 0 ? -1 : settings.port());
        properties.put("micronaut.server.max-request-size", settings.limits().bodyBytes());
        properties.put("micronaut.server.netty.max-initial-line-length", 8192);
        properties.put(MULTIPART + "max-file-size", settings.limits().bodyBytes());
        properties.put(MULTIPART + "disk", false);
        properties.put(MULTIPART + "mixed", false);
        properties.put("micronaut.serde.serialization.inclusion", "always");
        properties.put("micronaut.serde.deserialization.ignore-unknown", false);
        return properties;
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
