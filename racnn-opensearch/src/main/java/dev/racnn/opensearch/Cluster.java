package dev.racnn.opensearch;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;
import org.opensearch.client.opensearch.OpenSearchClient;
import org.opensearch.client.opensearch._types.ErrorCause;
import org.opensearch.client.opensearch._types.OpenSearchException;
import org.opensearch.client.opensearch.generic.Requests;
import org.opensearch.client.opensearch.generic.Response;
import org.opensearch.client.transport.OpenSearchTransport;
import org.opensearch.client.transport.httpclient5.ApacheHttpClient5TransportBuilder;
import org.opensearch.client.transport.httpclient5.ResponseException;

/**
 * A connection to a cluster that repeats requests while nodes are away or overloaded, with growing pauses, until its
 * patience ends; what cannot become better by waiting fails at once.
 */
final class Cluster implements AutoCloseable {
    /** Requests to one node that run at the same time; more wait. */
    private static final int CONNECTIONS = 32;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final OpenSearchSettings settings;
    private final OpenSearchTransport transport;
    private final OpenSearchClient client;

    Cluster(OpenSearchSettings settings) throws IOException {
        this.settings = settings;
        this.transport = transport(settings);
        this.client = new OpenSearchClient(transport);
    }

    /** A request, which may be sent several times. */
    @FunctionalInterface
    interface Request<T> {
        T send(OpenSearchClient client) throws IOException;
    }

    /** An answer that may be better if the request is sent again. */
    static final class Incomplete extends IOException {
        private static final long serialVersionUID = 1;

        Incomplete(String message) {
            super(message);
        }
    }

    /**
     * Sends a request until it is answered.
     *
     * @param what the purpose, for errors, such as "search"
     * @throws IOException if the cluster refuses it, or does not answer within the patience of the settings
     */
    <T> T send(String what, Request<T> request) throws IOException {
        long end = System.nanoTime() + settings.patience().toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            Exception failure;
            try {
                return request.send(client);
            } catch (IOException | OpenSearchException e) {
                throwUnlessTransient(what, e);
                failure = e;
            }
            if (System.nanoTime() + pause.toNanos() > end) {
                throw new IOException(
                        "%s gave no answer to a %s within %s s (last: %s); is the cluster running and reachable?"
                                .formatted(this, what, settings.patience().toSeconds(), reason(failure)),
                        failure);
            }
            sleep(pause);
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        }
    }

    /** Sends a request that the typed client has no form for; the query belongs to the path. */
    JsonObject json(String method, String path) throws IOException {
        return send(method + " " + path, client -> {
            try (Response response = client.generic()
                            .execute(Requests.builder()
                                    .method(method)
                                    .endpoint(path)
                                    .build());
                    JsonReader reader =
                            Json.createReader(response.getBody().orElseThrow().body())) {
                if (isTransient(response.getStatus())) {
                    throw new Incomplete("status " + response.getStatus());
                }
                if (response.getStatus() >= 400) {
                    throw new IllegalStateException("%s refused %s %s with status %s: %s"
                            .formatted(this, method, path, response.getStatus(), reader.readObject()));
                }
                return reader.readObject();
            }
        });
    }

    /**
     * Whether a status means that the same request may succeed later: too many requests, or a failure of the cluster's own.
     * A search that was under way on a node when it was killed fails with 500.
     */
    static boolean isTransient(int status) {
        return status == 429 || status >= 500;
    }

    static void sleep(Duration pause) throws IOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the cluster", e);
        }
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }

    @Override
    public String toString() {
        return "opensearch at " + settings.nodes().stream().map(URI::toString).collect(Collectors.joining(", "));
    }

    private void throwUnlessTransient(String what, Exception e) throws IOException {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                throw new IOException(
                        "%s: no secure connection (%s); give the file of the certificate that signs the nodes' as authority"
                                .formatted(this, cause.getMessage()),
                        e);
            }
            int status = switch (cause) {
                case OpenSearchException answer -> answer.status();
                case ResponseException answer -> answer.status();
                default -> 503;
            };
            if (!isTransient(status)) {
                String remedy = status == 401 || status == 403
                        ? "; set %s and %s"
                                .formatted(OpenSearchSettings.USER_VARIABLE, OpenSearchSettings.PASSWORD_VARIABLE)
                        : "";
                throw new IOException(
                        "%s refused a %s with status %s: %s%s".formatted(this, what, status, reason(e), remedy), e);
            }
        }
    }

    private static String reason(Exception e) {
        if (e instanceof OpenSearchException answer) {
            ErrorCause cause = answer.error();
            while (cause.causedBy() != null) {
                cause = cause.causedBy();
            }
            return String.valueOf(cause.reason());
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static OpenSearchTransport transport(OpenSearchSettings settings) throws IOException {
        HttpHost[] hosts = settings.nodes().stream().map(HttpHost::create).toArray(HttpHost[]::new);
        Timeout connect = Timeout.of(settings.connectTimeout());
        Timeout answer = Timeout.of(settings.answerTimeout());
        ApacheHttpClient5TransportBuilder builder = ApacheHttpClient5TransportBuilder.builder(hosts);
        settings.credentials()
                .ifPresent(credentials -> builder.setDefaultHeaders(
                        new Header[] {new BasicHeader("Authorization", credentials.authorization(), true)}));
        builder.setRequestConfigCallback(request -> request.setResponseTimeout(answer));
        ClientTlsStrategyBuilder tls = ClientTlsStrategyBuilder.create();
        if (settings.authority().isPresent()) {
            tls.setSslContext(trusting(settings.authority().get()));
        }
        builder.setHttpClientConfigCallback(
                client -> client.setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setTlsStrategy(tls.buildAsync())
                        .setMaxConnPerRoute(CONNECTIONS)
                        .setMaxConnTotal(CONNECTIONS * hosts.length)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setSocketTimeout(answer)
                                .build())
                        .build()));
        return builder.build();
    }

    private static SSLContext trusting(Path authority) throws IOException {
        try (InputStream in = Files.newInputStream(authority)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "authority %s must hold PEM certificates, but does not (%s)".formatted(authority, e.getMessage()),
                    e);
        }
    }
}
