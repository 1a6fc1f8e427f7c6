package dev.racnn.opensearch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A small HTTP server in this process that answers like a node of a cluster, or as badly as a test wants. */
final class StandInNode implements AutoCloseable {
    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** What was asked: the method and path, the body, and the header Authorization or an empty text. */
    record Request(String line, String body, String authorization) {}

    /** A status and a JSON body. */
    record Answer(int status, String body) {
        static Answer of(String body) {
            return new Answer(200, body);
        }

        static Answer error(int status, String reason) {
            return new Answer(status, """
                {"error": {"type": "exception", "reason": "%s"}, "status": %d}\
                """.formatted(reason, status));
        }
    }

    private StandInNode(HttpServer server, String scheme, Function<Request, Answer> answers) {
        this.server = server;
        this.scheme = scheme;
        server.createContext("/", exchange -> answer(exchange, answers));
        server.setExecutor(threads);
        server.start();
    }

    static StandInNode start(Function<Request, Answer> answers) throws IOException {
        return start(0, answers);
    }

    static StandInNode start(int port, Function<Request, Answer> answers) throws IOException {
        return new StandInNode(HttpServer.create(address(port), 0), "http", answers);
    }

    static StandInNode startTls(SSLContext identity, Function<Request, Answer> answers) throws IOException {
        HttpsServer server = HttpsServer.create(address(0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity));
        return new StandInNode(server, "https", answers);
    }

    URI uri() {
        return URI.create(
                "%s://127.0.0.1:%d".formatted(scheme, server.getAddress().getPort()));
    }

    List<Request> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void answer(HttpExchange exchange, Function<Request, Answer> answers) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        @Nullable String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        Request request = new Request(
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
                body,
                authorization == null ? "" : authorization);
        requests.add(request);
        Answer answer = answers.apply(request);
        byte[] content = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
        boolean head = request.line().startsWith("HEAD");
        exchange.sendResponseHeaders(answer.status(), head || content.length == 0 ? -1 : content.length);
        if (!head && content.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(content);
            }
        }
        exchange.close();
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
