package dev.racnn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Malformed requests, made from a seed. {@code -Dracnn.fuzz=10000} sends as many; a build sends a few hundred.
 *
 * <p>What a request says is wrong in one way that is chosen, so that an answer other than 4xx is an error.
 */
class FuzzTest {
    private static final int REQUESTS = Integer.getInteger("racnn.fuzz", 300);
    private static final long SEED = Long.getLong("racnn.fuzz.seed", 1);

    private final RunningServer server = RunningServer.shared();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final byte[] png;

    FuzzTest() throws IOException {
        png = TestImages.test(0);
    }

    @Test
    void every_malformed_request_is_refused_with_a_reason_and_the_service_goes_on() throws Exception {
        for (int i = 0; i < REQUESTS; i++) {
            HttpRequest.Builder request = malformed();
            HttpRequest built = request.build();
            String what = "request %s: %s %s, %s"
                    .formatted(i, built.method(), built.uri(), built.headers().map());
            HttpResponse<String> answer = server.send(request);
            assertThat(answer.statusCode()).as(what).isBetween(400, 499);
            assertThat(answer.headers().firstValue("Content-Type")).as(what).contains("application/problem+json");
            assertThat(RunningServer.json(answer).get("detail").asString())
                    .as(what)
                    .isNotBlank()
                    .doesNotContain("Exception", "dev.racnn", "io.micronaut", "java.", "\tat ");
        }
        assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(server.post("/v1/classify", new Multipart().image(png)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void what_is_not_http_closes_its_connection_and_nothing_else() throws Exception {
        for (byte[] line : List.of(
                bytes("GET\r\n\r\n"),
                bytes("\0\0\0\0\r\n\r\n"),
                bytes("GET /health/live HTTP/9.9\r\n\r\n"),
                bytes("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                bytes("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "b".repeat(20_000) + "\r\n\r\n"),
                bytes("POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n"),
                bytes("POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"))) {
            try (Socket socket =
                    new Socket(server.address().getHost(), server.address().getPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(line);
                socket.shutdownOutput();
                String answer = read(socket.getInputStream());
                assertThat(answer).doesNotContain("Exception", "dev.racnn", "HTTP/1.1 200", "HTTP/1.1 5");
            }
        }
        assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void a_request_by_another_name_is_not_answered() throws Exception {
        try (Socket socket =
                new Socket(server.address().getHost(), server.address().getPort())) {
            socket.getOutputStream()
                    .write(bytes("GET /v1/model HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n"));
            assertThat(read(socket.getInputStream())).startsWith("HTTP/1.1 421").doesNotContain("classes");
        }
    }

    private HttpRequest.Builder malformed() throws IOException {
        return switch (random.nextInt(8)) {
            case 0 -> file(wrongImage());
            case 1 -> json(wrongJson());
            case 2 -> json("{\"images\":[\"" + Base64.getEncoder().encodeToString(wrongImage()) + "\"]}");
            case 3 -> form("/v1/classify?k=" + wrongNumber());
            case 4 -> server.request("/v1/" + word()).GET();
            case 5 ->
                server.request("/v1/classify")
                        .header("Content-Type", pick("text/html", "multipart/form-data", "image/png", "x/" + word()))
                        .POST(BodyPublishers.ofByteArray(noise(200)));
            case 6 ->
                server.authorised("/v1/candidates/" + pick("-1", "99999999999999999999", word(), "1.5"))
                        .DELETE();
            default -> form("/v1/attacks?attack=" + word() + "&epsilon=" + wrongNumber());
        };
    }

    /** A file that is no whole PNG or JPEG of a size that is taken. */
    private byte[] wrongImage() throws IOException {
        byte[] file = png.clone();
        switch (random.nextInt(7)) {
            case 0 -> file = noise(300);
            case 1 -> file = Arrays.copyOf(png, random.nextInt(png.length - 1));
            case 2 -> file[random.nextInt(8)] ^= (byte) (1 + random.nextInt(255));
            case 3 -> {
                // A size that only a lot of memory could hold.
                file[16] = 0x7F;
                file[20] = 0x7F;
            }
            case 4 -> {
                ByteArrayOutputStream two = new ByteArrayOutputStream();
                two.writeBytes(png);
                two.writeBytes(bytes("PK\3\4"));
                two.writeBytes(noise(50));
                file = two.toByteArray();
            }
            case 5 -> {
                byte[] start = bytes(pick("GIF89a", "BM", "<svg xmlns='http://www.w3.org/2000/svg'/>", "%PDF-1.7"));
                System.arraycopy(start, 0, file, 0, start.length);
            }
            default -> {
                byte[] jpeg = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE0};
                byte[] rest = noise(100);
                file = Arrays.copyOf(jpeg, jpeg.length + rest.length);
                System.arraycopy(rest, 0, file, jpeg.length, rest.length);
            }
        }
        return file;
    }

    private String wrongJson() {
        return switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> "[".repeat(1 + random.nextInt(5000));
            case 2 -> "{\"images\":" + pick("null", "7", "{}", "[]", "[null]", "[[]]", "\"a\"", "[7.5e400]") + "}";
            case 3 -> "{\"" + word() + "\":[]}";
            case 4 -> "{\"images\":[\"" + word() + "?\"]}";
            case 5 -> "{\"images\":[\"" + "A".repeat(random.nextInt(50)) + "\"";
            case 6 -> new String(noise(60), StandardCharsets.ISO_8859_1);
            default -> "{\"images\":[\"\"],\"images\":" + random.nextInt() + "}";
        };
    }

    private String wrongNumber() {
        return pick("-1", "0", "101", "1e9", "NaN", "-Infinity", "99999999999", "%00", "%F0%9F%98%80", word());
    }

    private HttpRequest.Builder file(byte[] content) {
        Multipart form = new Multipart()
                .file("image", word() + ".png", pick("image/png", "image/jpeg", "application/octet-stream"), content);
        return server.request("/v1/classify")
                .header("Content-Type", form.contentType())
                .POST(BodyPublishers.ofByteArray(form.bytes()));
    }

    private HttpRequest.Builder form(String path) {
        Multipart form = new Multipart().image(png);
        return server.authorised(path)
                .header("Content-Type", form.contentType())
                .POST(BodyPublishers.ofByteArray(form.bytes()));
    }

    private HttpRequest.Builder json(String body) {
        return server.request("/v1/classify")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private String pick(String... words) {
        return words[random.nextInt(words.length)];
    }

    private String word() {
        StringBuilder word = new StringBuilder("x");
        for (int i = random.nextInt(12); i >= 0; i--) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        return word.toString();
    }

    private byte[] noise(int most) {
        byte[] noise = new byte[1 + random.nextInt(most)];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
