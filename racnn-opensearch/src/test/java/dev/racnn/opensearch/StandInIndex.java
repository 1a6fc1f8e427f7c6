package dev.racnn.opensearch;

import dev.racnn.opensearch.StandInNode.Answer;
import dev.racnn.opensearch.StandInNode.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The answers of a cluster with one index of two-dimensional keys, searched exactly; tests override single ones. */
final class StandInIndex implements Function<Request, Answer> {
    private static final Pattern DOCUMENT =
            Pattern.compile("\"_id\":\"(\\d+)\".*?\\R.*?\"key\":\\[([-0-9.E]+),([-0-9.E]+)]");
    private static final Pattern QUERY = Pattern.compile("\"vector\":\\[([-0-9.E]+),([-0-9.E]+)]");
    private static final Pattern SIZE = Pattern.compile("\"size\":(\\d+)");

    private static final Pattern FINGERPRINT = Pattern.compile("\"racnn_fingerprint\":\"([0-9a-f]+)\"");

    private final Map<Long, double[]> keys = new ConcurrentSkipListMap<>();
    private volatile boolean created;
    private volatile boolean complete;
    private volatile String fingerprint = "";

    /** An index that is complete. */
    static StandInIndex holding(double[]... keys) {
        StandInIndex index = new StandInIndex();
        for (int id = 0; id < keys.length; id++) {
            index.keys.put((long) id, keys[id]);
        }
        index.created = true;
        index.complete = true;
        return index;
    }

    int size() {
        return keys.size();
    }

    @Override
    public Answer apply(Request request) {
        return switch (request.line()) {
            case "HEAD /racnn" -> new Answer(created ? 200 : 404, "");
            case "PUT /racnn" -> create(request.body());
            case "GET /racnn/_mapping" -> Answer.of(mapping());
            case "PUT /racnn/_mapping" -> complete(request.body());
            case "PUT /racnn/_settings" -> Answer.of("{\"acknowledged\": true}");
            case "POST /racnn/_bulk" -> load(request.body());
            case "POST /racnn/_refresh" -> Answer.of("{\"_shards\": {\"total\": 1, \"successful\": 1, \"failed\": 0}}");
            case "POST /racnn/_forcemerge" -> Answer.of("{\"task\": \"node:1\"}");
            case "GET /_tasks/node:1" -> Answer.of(task());
            case "GET /_cluster/health/racnn" -> Answer.of(health());
            case "POST /racnn/_count", "GET /racnn/_count" -> count();
            case "POST /racnn/_msearch", "GET /racnn/_msearch" -> Answer.of(search(request.body(), 0));
            default -> Answer.error(400, "not expected: " + request.line());
        };
    }

    /** Answers every query of a request; as many shards as given have failed. */
    String search(String body, int failedShards) {
        List<String> answers = new ArrayList<>();
        List<String> lines = body.lines().toList();
        for (int i = 1; i < lines.size(); i += 2) {
            answers.add("""
                {"took": 1, "timed_out": false, "status": 200,
                 "_shards": {"total": 3, "successful": %d, "skipped": 0, "failed": %d},
                 "hits": {"max_score": 1.0, "hits": [%s]}}\
                """.formatted(3 - failedShards, failedShards, String.join(",", hits(lines.get(i)))));
        }
        return "{\"took\": 1, \"responses\": [%s]}".formatted(String.join(",", answers));
    }

    private List<String> hits(String search) {
        Matcher query = QUERY.matcher(search);
        Matcher size = SIZE.matcher(search);
        if (!query.find() || !size.find()) {
            throw new IllegalArgumentException("not a search: " + search);
        }
        double x = Double.parseDouble(query.group(1));
        double y = Double.parseDouble(query.group(2));
        // Later ids first among equals, as a cluster may.
        return keys.entrySet().stream()
                .map(entry -> Map.entry(
                        entry.getKey(),
                        1 / (1 + Math.pow(entry.getValue()[0] - x, 2) + Math.pow(entry.getValue()[1] - y, 2))))
                .sorted(Map.Entry.<Long, Double>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.<Long, Double>comparingByKey().reversed()))
                .limit(Integer.parseInt(size.group(1)))
                .map(hit -> "{\"_index\": \"racnn\", \"_id\": \"%d\", \"_score\": %s}"
                        .formatted(hit.getKey(), hit.getValue()))
                .toList();
    }

    private Answer create(String body) {
        created = true;
        note(body);
        return Answer.of("{\"acknowledged\": true, \"shards_acknowledged\": true, \"index\": \"racnn\"}");
    }

    private Answer complete(String body) {
        complete = true;
        note(body);
        return Answer.of("{\"acknowledged\": true}");
    }

    /** Notes are replaced as a whole, as a cluster does. */
    private void note(String body) {
        Matcher noted = FINGERPRINT.matcher(body);
        fingerprint = noted.find() ? noted.group(1) : "";
    }

    private Answer load(String body) {
        List<String> items = new ArrayList<>();
        Matcher document = DOCUMENT.matcher(body);
        while (document.find()) {
            keys.put(
                    Long.parseLong(document.group(1)),
                    new double[] {Double.parseDouble(document.group(2)), Double.parseDouble(document.group(3))});
            items.add(item(Long.parseLong(document.group(1)), 201));
        }
        return bulk(items);
    }

    static Answer bulk(List<String> items) {
        return Answer.of("{\"took\": 1, \"errors\": false, \"items\": [%s]}".formatted(String.join(",", items)));
    }

    static String item(long id, int status) {
        String error = status < 300 ? "" : ", \"error\": {\"type\": \"exception\", \"reason\": \"because\"}";
        return "{\"index\": {\"_index\": \"racnn\", \"_id\": \"%d\", \"status\": %d%s}}".formatted(id, status, error);
    }

    private Answer count() {
        return Answer.of("""
            {"count": %d, "_shards": {"total": 3, "successful": 3, "skipped": 0, "failed": 0}}\
            """.formatted(keys.size()));
    }

    private String mapping() {
        List<String> notes = new ArrayList<>();
        if (complete) {
            notes.add("\"racnn_keys\": " + keys.size());
        }
        if (!fingerprint.isEmpty()) {
            notes.add("\"racnn_fingerprint\": \"" + fingerprint + "\"");
        }
        String meta = "\"_meta\": {%s},".formatted(String.join(",", notes));
        return """
            {"racnn": {"mappings": {%s "properties": {"key": {"type": "knn_vector", "dimension": 2}}}}}\
            """.formatted(meta);
    }

    private static String task() {
        return """
            {"completed": true, "task": {"node": "node", "id": 1, "type": "transport", "action": "merge",
             "description": "", "start_time_in_millis": 0, "running_time_in_nanos": 1, "cancellable": false,
             "headers": {}}}\
            """;
    }

    private static String health() {
        return """
            {"cluster_name": "stand-in", "status": "green", "timed_out": false, "number_of_nodes": 3,
             "number_of_data_nodes": 3, "discovered_cluster_manager": true, "active_primary_shards": 3,
             "active_shards": 6, "relocating_shards": 0, "initializing_shards": 0, "unassigned_shards": 0,
             "delayed_unassigned_shards": 0, "number_of_pending_tasks": 0, "number_of_in_flight_fetch": 0,
             "task_max_waiting_in_queue_millis": 0, "active_shards_percent_as_number": 100.0}\
            """;
    }
}
