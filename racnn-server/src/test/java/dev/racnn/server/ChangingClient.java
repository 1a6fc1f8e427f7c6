package dev.racnn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client that classifies images, changes candidates of its own in between, and sends one bad request in a hundred. It remembers what
 * was acknowledged.
 */
final class ChangingClient {
    private static final String CANDIDATES = "/v1/candidates";
    private static final int MOST = 40;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final LongAdder requests;
    private final LongAdder changes;
    private final SplittableRandom random;
    private final String tag;

    /** Candidates of this client by id, with their classes, as acknowledged. */
    private final Map<Long, String> known = new HashMap<>();

    /** The change that was sent and not acknowledged. */
    private Change open = Change.NONE;

    ChangingClient(String tag, SplittableRandom random, LongAdder requests, LongAdder changes) {
        this.tag = tag;
        this.random = random;
        this.requests = requests;
        this.changes = changes;
    }

    private enum Kind {
        NONE,
        ADD,
        RELABEL,
        REMOVE
    }

    private record Change(Kind kind, long id, String label) {
        static final Change NONE = new Change(Kind.NONE, -1, "");
    }

    /** Sends requests until the service is gone. */
    void run(URI address) throws Exception {
        try {
            for (int number = 1; ; number++) {
                if (number % 100 == 0) {
                    sendBad(address);
                } else if (number % 10 == 7) {
                    change(address);
                } else {
                    classify(address);
                }
                requests.increment();
            }
        } catch (IOException _) {
            // Killed, as was intended; what is not meant to happen is an AssertionError.
        }
    }

    /** Compares what a service has with what was acknowledged. A change that was not acknowledged may have been made or not. */
    void check(URI address) throws Exception {
        Map<Long, String> found = candidates(address);
        Set<Long> surplus = new HashSet<>(found.keySet());
        surplus.removeAll(known.keySet());
        assertThat(surplus).hasSizeLessThanOrEqualTo(open.kind == Kind.ADD ? 1 : 0);
        known.forEach((id, label) -> {
            boolean inDoubt = id == open.id;
            if (!(inDoubt && open.kind == Kind.REMOVE && !found.containsKey(id))) {
                assertThat(found.get(id)).as("class of %s", id).isIn(label, inDoubt ? open.label : label);
            }
        });
        known.clear();
        known.putAll(found);
        open = Change.NONE;
    }

    /** How many candidates it knows of. */
    int size() {
        return known.size();
    }

    /** How many candidates a service has. */
    int total(URI address) throws Exception {
        return json(send(HttpRequest.newBuilder(address.resolve(CANDIDATES + "?limit=1"))))
                .get("total")
                .asInt();
    }

    private void classify(URI address) throws Exception {
        Multipart form = new Multipart().image(TestImages.test(random.nextInt(1000)));
        HttpResponse<String> answer = send(post(address.resolve("/v1/classify?thumbnails=true"), form));
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 429);
    }

    private void sendBad(URI address) throws Exception {
        URI classify = address.resolve("/v1/classify");
        boolean file = random.nextBoolean();
        HttpResponse<String> answer = send(
                file
                        ? post(classify, new Multipart().image(new byte[] {1, 2, 3, 4}))
                        : HttpRequest.newBuilder(classify)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"images\":[\"?\"]}")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(file ? 415 : 400);
    }

    private void change(URI address) throws Exception {
        int kind = known.isEmpty() ? 0 : known.size() >= MOST ? 2 : random.nextInt(3);
        String label = random.nextBoolean() ? "cat" : "ship";
        List<Long> ids = new ArrayList<>(known.keySet());
        long id = kind == 0 ? -1 : ids.get(random.nextInt(ids.size()));
        URI one = address.resolve(CANDIDATES + "/" + id);
        switch (kind) {
            case 0 -> {
                open = new Change(Kind.ADD, -1, label);
                Multipart form = new Multipart().image(TestImages.test(random.nextInt(1000)));
                HttpResponse<String> answer =
                        send(post(address.resolve(CANDIDATES + "?label=" + label + "&tag=" + tag), form));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
                known.put(json(answer).at("/candidates/0/id").asLong(), label);
            }
            case 1 -> {
                open = new Change(Kind.RELABEL, id, label);
                HttpResponse<String> answer = send(HttpRequest.newBuilder(one)
                        .header("Content-Type", "application/json")
                        .method("PATCH", BodyPublishers.ofString("{\"label\":\"" + label + "\"}")));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                known.put(id, label);
            }
            default -> {
                open = new Change(Kind.REMOVE, id, "");
                HttpResponse<String> answer = send(HttpRequest.newBuilder(one).DELETE());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
                known.remove(id);
            }
        }
        open = Change.NONE;
        changes.increment();
    }

    private Map<Long, String> candidates(URI address) throws Exception {
        Map<Long, String> found = new HashMap<>();
        URI list = address.resolve(CANDIDATES + "?limit=1000&tag=" + tag);
        for (JsonNode candidate : json(send(HttpRequest.newBuilder(list))).get("candidates")) {
            found.put(candidate.get("id").asLong(), candidate.get("label").asString());
        }
        return found;
    }

    private static HttpRequest.Builder post(URI address, Multipart form) {
        return HttpRequest.newBuilder(address)
                .header("Content-Type", form.contentType())
                .POST(BodyPublishers.ofByteArray(form.bytes()));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(
                request.header("Authorization", "Bearer " + RunningServer.TOKEN)
                        .timeout(Duration.ofMinutes(2))
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
