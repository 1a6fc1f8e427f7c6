package dev.racnn.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.opensearch.StandInNode.Answer;
import dev.racnn.opensearch.StandInNode.Request;
import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.Neighbours;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.opensearch.client.opensearch._types.FieldValue;
import org.opensearch.client.opensearch._types.query_dsl.Query;

class OpenSearchEngineTest {
    private static final String SEARCH = "/racnn/_msearch";

    private final StandInIndex index =
            StandInIndex.holding(new double[] {0, 0}, new double[] {3, 4}, new double[] {0, 2}, new double[] {2, 0});

    @Test
    void neighbours_come_with_squared_distances_and_ties_in_the_order_of_ids() throws IOException {
        try (StandInNode node = StandInNode.start(index);
                OpenSearchEngine engine = OpenSearchEngine.open(settings(node.uri()))) {
            assertThat(engine.dimension()).isEqualTo(2);
            assertThat(engine.size()).isEqualTo(4);
            Neighbours found = engine.search(new float[] {0, 0, 3, 4}, 3);
            assertThat(found.ids()).containsExactly(0, 2, 3, 1, 2, 3);
            assertThat(found.squaredDistances()).containsExactly(0, 4, 4, 0, 13, 17);
        }
    }

    @Test
    void long_batches_are_sent_in_parts_and_answered_in_order() throws IOException {
        try (StandInNode node = StandInNode.start(index);
                OpenSearchEngine engine = OpenSearchEngine.open(settings(node.uri()))) {
            float[] queries = new float[2 * 300];
            for (int query = 0; query < 300; query++) {
                queries[2 * query] = query % 2 == 0 ? 0 : 3;
                queries[2 * query + 1] = query % 2 == 0 ? 0 : 4;
            }
            Neighbours found = engine.search(queries, 1);
            for (int query = 0; query < 300; query++) {
                assertThat(found.id(query, 0)).isEqualTo(query % 2);
            }
            assertThat(searches(node)).hasSize(3);
        }
    }

    @Test
    void a_filter_in_java_fetches_until_enough_candidates_pass() throws IOException {
        try (StandInNode node = StandInNode.start(index);
                OpenSearchEngine engine = OpenSearchEngine.open(settings(node.uri()))) {
            assertThat(engine.search(new float[] {0, 0}, 1, id -> id == 1).id(0, 0))
                    .isOne();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.search(new float[] {0, 0}, 2, id -> id == 1))
                    .withMessageContaining("only 1 of the 4 nearest candidates pass the filter, fewer than k = 2");
        }
    }

    @Test
    void a_filter_of_the_cluster_is_sent_with_the_search() throws IOException {
        try (StandInNode node = StandInNode.start(index);
                OpenSearchEngine engine = OpenSearchEngine.open(settings(node.uri()))) {
            Query cats =
                    Query.of(query -> query.term(term -> term.field("label").value(FieldValue.of(3))));
            engine.search(new float[] {0, 0}, 1, cats);
            assertThat(searches(node).getFirst().body()).contains("\"filter\":{\"term\":{\"label\":{\"value\":3");
        }
    }

    @Test
    void bad_queries_are_refused_before_they_are_sent() throws IOException {
        try (StandInNode node = StandInNode.start(index);
                OpenSearchEngine engine = OpenSearchEngine.open(settings(node.uri()))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.search(new float[3], 1))
                    .withMessageContaining("dimension 2, but 3 numbers");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.search(new float[2], 5))
                    .withMessageContaining("from 1 to 4, but is 5");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.search(new float[] {0, Float.NaN}, 1))
                    .withMessageContaining("component 1 of query 0");
            assertThat(searches(node)).isEmpty();
        }
    }

    @Test
    void overload_and_missing_shards_are_waited_out() throws IOException {
        AtomicInteger attempt = new AtomicInteger();
        Function<Request, Answer> answers = request -> !request.line().endsWith(SEARCH)
                ? index.apply(request)
                : switch (attempt.getAndIncrement()) {
                    case 0 -> Answer.error(503, "no node has time");
                    case 1 -> Answer.error(429, "too many requests");
                    case 2 -> Answer.of(index.search(request.body(), 1));
                    case 3 ->
                        Answer.of("{\"took\": 1, \"responses\": [{\"status\": 503, \"error\":"
                                + " {\"type\": \"exception\", \"reason\": \"all shards failed\"}}]}");
                    case 4 ->
                        // What a search gets that was under way on a node when it was killed.
                        Answer.of("{\"took\": 1, \"responses\": [{\"status\": 500, \"error\":"
                                + " {\"type\": \"exception\", \"reason\": \"\"}}]}");
                    default -> index.apply(request);
                };
        try (StandInNode node = StandInNode.start(answers);
                OpenSearchEngine engine = OpenSearchEngine.open(settings(Duration.ofSeconds(20), node.uri()))) {
            assertThat(engine.search(new float[] {3, 4}, 1).id(0, 0)).isOne();
            assertThat(attempt).hasValue(6);
        }
    }

    @Test
    void an_answer_without_all_shards_is_never_returned() throws IOException {
        Function<Request, Answer> answers = request ->
                request.line().endsWith(SEARCH) ? Answer.of(index.search(request.body(), 1)) : index.apply(request);
        try (StandInNode node = StandInNode.start(answers);
                OpenSearchEngine engine = OpenSearchEngine.open(settings(node.uri()))) {
            assertThatThrownBy(() -> engine.search(new float[] {3, 4}, 1))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("gave no answer to a search within 1 s (last: 1 of 3 shards did not answer)");
        }
    }

    @Test
    void a_cluster_that_is_away_is_named_and_used_again_when_it_returns() throws IOException {
        StandInNode node = StandInNode.start(index);
        URI place = node.uri();
        try (OpenSearchEngine engine = OpenSearchEngine.open(settings(place))) {
            node.close();
            assertThatThrownBy(() -> engine.search(new float[] {3, 4}, 1))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("opensearch at " + place + " gave no answer")
                    .hasMessageContaining("is the cluster running and reachable?");
            try (StandInNode returned = StandInNode.start(place.getPort(), index)) {
                assertThat(engine.search(new float[] {3, 4}, 1).id(0, 0)).isOne();
                assertThat(searches(returned)).hasSize(1);
            }
        }
        assertThatThrownBy(() -> OpenSearchEngine.open(settings(place))).isInstanceOf(IOException.class);
    }

    @Test
    void the_other_nodes_answer_for_one_that_is_down() throws IOException {
        StandInNode down = StandInNode.start(index);
        try (StandInNode up = StandInNode.start(index);
                OpenSearchEngine engine = OpenSearchEngine.open(settings(down.uri(), up.uri()))) {
            down.close();
            for (int i = 0; i < 10; i++) {
                assertThat(engine.search(new float[] {3, 4}, 1).id(0, 0)).isOne();
            }
        }
    }

    @Test
    void credentials_are_sent_and_their_refusal_is_explained_at_once() throws IOException {
        Function<Request, Answer> guarded = request -> request.authorization().equals("Basic dXNlcjpwYXNz")
                ? index.apply(request)
                : Answer.error(401, "who are you");
        try (StandInNode node = StandInNode.start(guarded)) {
            OpenSearchSettings anonymous = settings(node.uri());
            OpenSearchSettings known = new OpenSearchSettings(
                    anonymous.nodes(),
                    anonymous.index(),
                    anonymous.shards(),
                    anonymous.replicas(),
                    anonymous.m(),
                    anonymous.efConstruction(),
                    anonymous.ef(),
                    anonymous.connectTimeout(),
                    anonymous.answerTimeout(),
                    anonymous.patience(),
                    Optional.of(new Credentials("user", "pass")),
                    Optional.empty());
            try (OpenSearchEngine engine = OpenSearchEngine.open(known)) {
                assertThat(engine.search(new float[] {3, 4}, 1).id(0, 0)).isOne();
            }
            int before = node.requests().size();
            assertThatThrownBy(() -> OpenSearchEngine.open(anonymous))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("401")
                    .hasMessageContaining("set OPENSEARCH_USER and OPENSEARCH_PASSWORD");
            assertThat(node.requests()).hasSize(before + 1);
            assertThat(known.toString()).doesNotContain("pass)", "user");
            assertThat(known.credentials().toString()).doesNotContain("pass").contains("user:***");
        }
    }

    @Test
    void an_index_that_is_missing_or_unfinished_is_not_searched() throws IOException {
        StandInIndex empty = new StandInIndex();
        try (StandInNode node = StandInNode.start(empty)) {
            assertThatThrownBy(() -> OpenSearchEngine.open(settings(node.uri())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has no index racnn; build it first");
            empty.apply(new Request("PUT /racnn", "", ""));
            assertThatThrownBy(() -> OpenSearchEngine.open(settings(node.uri())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("was not loaded to the end");
        }
    }

    @Test
    void building_loads_every_key_and_sends_again_what_found_no_room() throws IOException {
        StandInIndex built = new StandInIndex();
        AtomicInteger rejected = new AtomicInteger();
        AtomicInteger busy = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Function<Request, Answer> answers = request -> {
            if (!request.line().endsWith("_bulk")) {
                return built.apply(request);
            }
            most.accumulateAndGet(busy.incrementAndGet(), Math::max);
            try {
                long documents = request.body().lines().count() / 2;
                if (documents > 1 && rejected.getAndIncrement() % 2 == 0) {
                    return allButTheFirstRejected(built, request);
                }
                return built.apply(request);
            } finally {
                busy.decrementAndGet();
            }
        };
        int count = 40_000;
        float[] values = new float[2 * count];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        AtomicInteger loaded = new AtomicInteger();
        try (StandInNode node = StandInNode.start(answers);
                OpenSearchEngine engine = OpenSearchEngine.build(
                        settings(Duration.ofSeconds(20), node.uri()),
                        ArrayKeys.numbered(values, 2),
                        done -> loaded.accumulateAndGet(done, Math::max))) {
            assertThat(built.size()).isEqualTo(count);
            assertThat(loaded).hasValue(count);
            assertThat(engine.search(new float[] {200, 201}, 1).id(0, 0)).isEqualTo(100);
            assertThat(most.get()).as("bulk requests at once").isBetween(1, 3);
            assertThat(node.requests())
                    .extracting(Request::line)
                    .containsSubsequence(
                            "PUT /racnn",
                            "POST /racnn/_bulk",
                            "POST /racnn/_refresh",
                            "POST /racnn/_forcemerge",
                            "PUT /racnn/_settings",
                            "PUT /racnn/_mapping",
                            "GET /_cluster/health/racnn");
            assertThatThrownBy(
                            () -> OpenSearchEngine.build(settings(node.uri()), ArrayKeys.numbered(values, 2), _ -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has a complete index racnn already");
        }
    }

    @Test
    void a_key_that_the_cluster_refuses_ends_the_build() throws IOException {
        StandInIndex built = new StandInIndex();
        Function<Request, Answer> answers = request -> request.line().endsWith("_bulk")
                ? StandInIndex.bulk(List.of(StandInIndex.item(0, 201), StandInIndex.item(1, 400)))
                : built.apply(request);
        try (StandInNode node = StandInNode.start(answers)) {
            assertThatThrownBy(() ->
                            OpenSearchEngine.build(settings(node.uri()), ArrayKeys.numbered(new float[4], 2), _ -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("candidate 1 was refused with status 400: because");
        }
    }

    @Test
    void an_index_of_other_keys_is_neither_searched_nor_continued() throws IOException {
        ArrayKeys own = ArrayKeys.numbered(new float[] {0, 0, 3, 4}, 2);
        ArrayKeys others = ArrayKeys.numbered(new float[] {0, 0, 3, 5}, 2);
        StandInIndex complete = new StandInIndex();
        try (StandInNode node = StandInNode.start(complete)) {
            OpenSearchEngine.build(settings(node.uri()), own, _ -> {}).close();
            OpenSearchEngine.open(settings(node.uri()), own).close();
            assertThatThrownBy(() -> OpenSearchEngine.open(settings(node.uri()), others))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(
                            "is of keys with fingerprint %s, but these have %s; delete it or choose another name",
                            own.fingerprint(), others.fingerprint());
        }
        AtomicInteger loads = new AtomicInteger();
        StandInIndex unfinished = new StandInIndex();
        Function<Request, Answer> answers = request -> request.line().endsWith("_bulk") && loads.getAndIncrement() == 0
                ? StandInIndex.bulk(List.of(StandInIndex.item(0, 400)))
                : unfinished.apply(request);
        try (StandInNode node = StandInNode.start(answers)) {
            assertThatThrownBy(() -> OpenSearchEngine.build(settings(node.uri()), own, _ -> {}))
                    .hasMessageContaining("refused with status 400");
            assertThatThrownBy(() -> OpenSearchEngine.build(settings(node.uri()), others, _ -> {}))
                    .hasMessageContaining("is of keys with fingerprint " + own.fingerprint());
            assertThat(loads).as("loads of other keys").hasValue(1);
            OpenSearchEngine.build(settings(node.uri()), own, _ -> {}).close();
        }
    }

    @Test
    void an_index_that_lost_keys_or_states_no_fingerprint_is_not_searched() throws IOException {
        ArrayKeys keys = ArrayKeys.numbered(new float[] {0, 0, 3, 4, 0, 2, 2, 0}, 2);
        try (StandInNode node = StandInNode.start(index)) {
            assertThatThrownBy(() -> OpenSearchEngine.open(settings(node.uri()), keys))
                    .hasMessageContaining("is of keys with fingerprint (unknown)");
        }
        StandInIndex shrinking = new StandInIndex();
        Function<Request, Answer> answers = request -> request.line().endsWith("/_count")
                ? Answer.of("{\"count\": 3, \"_shards\": {\"total\": 1, \"successful\": 1, \"failed\": 0}}")
                : shrinking.apply(request);
        try (StandInNode node = StandInNode.start(answers)) {
            OpenSearchEngine.build(settings(node.uri()), keys, _ -> {}).close();
            assertThatThrownBy(() -> OpenSearchEngine.open(settings(node.uri()), keys))
                    .hasMessageContaining("holds 3 keys, but should hold 4; delete it and load it again");
        }
    }

    private static Answer allButTheFirstRejected(StandInIndex built, Request request) {
        List<String> lines = request.body().lines().toList();
        built.apply(new Request(request.line(), lines.get(0) + "\n" + lines.get(1) + "\n", ""));
        List<String> items = lines.stream()
                .filter(line -> line.contains("\"_id\""))
                .map(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .map(id -> StandInIndex.item(id, lines.get(0).contains("\"" + id + "\"") ? 201 : 429))
                .toList();
        return StandInIndex.bulk(items);
    }

    private static List<Request> searches(StandInNode node) {
        return node.requests().stream()
                .filter(request -> request.line().endsWith(SEARCH))
                .toList();
    }

    private static OpenSearchSettings settings(URI... nodes) {
        return settings(Duration.ofSeconds(1), nodes);
    }

    private static OpenSearchSettings settings(Duration patience, URI... nodes) {
        OpenSearchSettings plain = OpenSearchSettings.of(List.of(nodes), "racnn");
        return new OpenSearchSettings(
                plain.nodes(),
                plain.index(),
                plain.shards(),
                plain.replicas(),
                plain.m(),
                plain.efConstruction(),
                plain.ef(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                patience,
                Optional.empty(),
                Optional.empty());
    }
}
