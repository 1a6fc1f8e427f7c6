package dev.racnn.server;

import dev.racnn.racnn.Bundle;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.server.api.Metrics;
import dev.racnn.server.batch.BatchSettings;
import dev.racnn.server.model.ServedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server of a small bundle, and a client of it. */
public final class RunningServer implements AutoCloseable {
    public static final String TOKEN = "0123456789abcdef";
    public static final ServerSettings SETTINGS = settings(0);

    private final HttpClient client = HttpClient.newHttpClient();
    private final ServedModel model;
    private final RacnnServer server;

    private RunningServer(ServedModel model, RacnnServer server) {
        this.model = model;
        this.server = server;
    }

    /** Small limits, at a port. */
    public static ServerSettings settings(int port) {
        return new ServerSettings(
                "127.0.0.1",
                port,
                Set.of(),
                TOKEN,
                new BatchSettings(8, Duration.ofMillis(1), 64),
                new Limits(1 << 20, 16, 1_000_000),
                Abstention.NEVER,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                null);
    }

    /** A server that those tests share which change nothing; with a baseline, and gone with the process. */
    public static RunningServer shared() {
        return Shared.SERVER;
    }

    private static final class Shared {
        static final RunningServer SERVER = start();

        private static RunningServer start() {
            try {
                Path folder = Files.createTempDirectory("racnn-server-test");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
                Path report = Files.writeString(
                        folder.resolve("report.html"), "<!doctype html><title>Report</title><h1>Robustness</h1>");
                ServerSettings settings = new ServerSettings(
                        SETTINGS.host(),
                        0,
                        SETTINGS.allowedHosts(),
                        TOKEN,
                        SETTINGS.batches(),
                        SETTINGS.limits(),
                        SETTINGS.abstention(),
                        SETTINGS.grace(),
                        SETTINGS.attackTime(),
                        report);
                return RunningServer.start(TestBundle.in(folder), TestBundle.baseline(), settings);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path folder) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.toList().reversed()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Starts a server. */
    public static RunningServer start(Path bundle, @Nullable Path baseline, ServerSettings settings)
            throws IOException {
        Metrics metrics = new Metrics();
        ServedModel model = ServedModel.open(
                Bundle.open(bundle),
                baseline == null ? null : Bundle.open(baseline),
                EngineFactory.parse("exact"),
                1,
                metrics);
        try {
            return new RunningServer(model, RacnnServer.start(settings, model, metrics));
        } catch (IOException e) {
            model.close();
            throw e;
        }
    }

    /** The model behind it. */
    public ServedModel model() {
        return model;
    }

    /** The folder of its bundle. */
    public Path bundle() throws IOException {
        return model.folder();
    }

    /** Where it is. */
    public URI address() {
        return server.address();
    }

    /** Begins a request. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.address().resolve(path)).timeout(Duration.ofSeconds(60));
    }

    /** The answer to a request. */
    public HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** The answer to a GET. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** Begins a request of the operator. */
    public HttpRequest.Builder authorised(String path) {
        return request(path).header("Authorization", "Bearer " + TOKEN);
    }

    /** The answer to a form with files, sent by the operator. */
    public HttpResponse<String> postAuthorised(String path, Multipart form) throws IOException, InterruptedException {
        return send(authorised(path)
                .header("Content-Type", form.contentType())
                .POST(BodyPublishers.ofByteArray(form.bytes())));
    }

    /** The answer to JSON. */
    public HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    /** The answer to a form with files. */
    public HttpResponse<String> post(String path, Multipart form) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", form.contentType())
                .POST(BodyPublishers.ofByteArray(form.bytes())));
    }

    /** The answer to a form with files, some time. */
    public CompletableFuture<HttpResponse<String>> later(String path, Multipart form) {
        return client.sendAsync(
                request(path)
                        .header("Content-Type", form.contentType())
                        .POST(BodyPublishers.ofByteArray(form.bytes()))
                        .build(),
                BodyHandlers.ofString());
    }

    /** What JSON says. */
    public static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    @Override
    public void close() {
        server.close();
        model.close();
        client.close();
    }
}
