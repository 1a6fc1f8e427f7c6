package dev.racnn.opensearch;

import dev.racnn.candidates.CandidateSet;
import dev.racnn.retrieval.Keys;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import org.opensearch.client.json.JsonData;
import org.opensearch.client.opensearch._types.HealthStatus;
import org.opensearch.client.opensearch.core.BulkResponse;
import org.opensearch.client.opensearch.core.bulk.BulkOperation;
import org.opensearch.client.opensearch.core.bulk.BulkResponseItem;

/**
 * Fills an index with keys.
 *
 * <p>The index is loaded without replicas and merged before they are made: copying a finished graph is cheaper than
 * building it again, and one segment is searched faster than ten. Loading the same candidate twice has the effect of
 * loading it once, so a load that was interrupted is just run again; only a complete index can be searched.
 */
final class IndexBuilder {
    private static final int BULK_BYTES = 2 << 20;
    /** Bytes of a document in a request besides its key, roughly. */
    private static final int DOCUMENT_BYTES = 100;
    /** Bytes of a number in a request, roughly: nine digits, sign, point and comma. */
    private static final int NUMBER_BYTES = 12;
    /** Bulk requests on their way at once: one is sent while another is worked on; more would only queue up. */
    private static final int IN_FLIGHT = 3;

    private static final Duration POLL = Duration.ofMillis(500);

    private final Cluster cluster;
    private final OpenSearchSettings settings;
    private final String index;

    IndexBuilder(Cluster cluster, OpenSearchSettings settings) {
        this.cluster = cluster;
        this.settings = settings;
        this.index = settings.index();
    }

    void build(Keys keys, IntConsumer loaded) throws IOException {
        begin(keys);
        load(keys, loaded);
        cluster.send("refresh", client -> client.indices().refresh(request -> request.index(index)));
        merge();
        cluster.send(
                "change of the replicas",
                client -> client.indices()
                        .putSettings(request -> request.index(index)
                                .settings(changed -> changed.numberOfReplicas(settings.replicas())
                                        .refreshInterval(time -> time.time("1s")))));
        cluster.send(
                "note of completion",
                client -> client.indices()
                        .putMapping(request -> request.index(index)
                                .meta(IndexDescription.FINGERPRINT, JsonData.of(keys.fingerprint()))
                                .meta(IndexDescription.COMPLETE, JsonData.of(keys.size()))));
        waitForCopies();
    }

    private void begin(Keys keys) throws IOException {
        boolean exists = cluster.send(
                        "look for the index", client -> client.indices().exists(request -> request.index(index)))
                .value();
        if (exists) {
            IndexDescription found = IndexDescription.of(cluster, index);
            if (found.complete()) {
                throw new IOException("%s has a complete index %s already; choose another name or delete it"
                        .formatted(cluster, index));
            }
            found.requireOf(keys, cluster, index);
            return;
        }
        cluster.send(
                "creation of the index",
                client -> client.indices()
                        .create(request -> request.index(index)
                                .settings(options -> options.knn(true)
                                        .numberOfShards(settings.shards())
                                        .numberOfReplicas(0)
                                        .refreshInterval(time -> time.time("-1")))
                                .mappings(mapping -> mapping.meta(
                                                IndexDescription.FINGERPRINT, JsonData.of(keys.fingerprint()))
                                        .properties(
                                                KeyDocument.KEY,
                                                property -> property.knnVector(vector -> vector.dimension(
                                                                keys.dimension())
                                                        .method(method -> method.name("hnsw")
                                                                .engine("lucene")
                                                                .spaceType("l2")
                                                                .parameters(Map.of(
                                                                        "m",
                                                                        JsonData.of(settings.m()),
                                                                        "ef_construction",
                                                                        JsonData.of(settings.efConstruction()))))))
                                        .properties(KeyDocument.LABEL, property -> property.integer(number -> number))
                                        .properties(KeyDocument.TAGS, property -> property.keyword(word -> word)))));
    }

    /** Sends the keys in parts; waits while as many parts as allowed are on their way. */
    private void load(Keys keys, IntConsumer loaded) throws IOException {
        int rows = Math.max(1, BULK_BYTES / (DOCUMENT_BYTES + keys.dimension() * NUMBER_BYTES));
        Semaphore room = new Semaphore(IN_FLIGHT);
        int done = 0;
        Deque<Future<Integer>> parts = new ArrayDeque<>();
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int start = 0; start < keys.size(); start += rows) {
                List<BulkOperation> operations = operations(keys, start, Math.min(start + rows, keys.size()));
                room.acquire();
                // A part that failed ends the load here, not only after all the others.
                while (!parts.isEmpty() && parts.getFirst().isDone()) {
                    done += parts.removeFirst().get();
                    loaded.accept(done);
                }
                parts.add(senders.submit(() -> {
                    try {
                        loadPart(operations);
                        return operations.size();
                    } finally {
                        room.release();
                    }
                }));
            }
            for (Future<Integer> part : parts) {
                done += part.get();
                loaded.accept(done);
            }
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException("the index %s could not be loaded: %s".formatted(index, cause.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while loading the index " + index, e);
        }
    }

    /** Sends operations, and again those that the cluster had no room for. */
    private void loadPart(List<BulkOperation> operations) throws IOException {
        List<BulkOperation> pending = new ArrayList<>(operations);
        cluster.send("bulk load", client -> {
            BulkResponse answer = client.bulk(request -> request.index(index).operations(pending));
            List<BulkOperation> again = new ArrayList<>();
            for (int i = 0; i < answer.items().size(); i++) {
                BulkResponseItem item = answer.items().get(i);
                if (Cluster.isTransient(item.status())) {
                    again.add(pending.get(i));
                } else if (item.error() != null) {
                    throw new IllegalArgumentException("candidate %s was refused with status %s: %s"
                            .formatted(item.id(), item.status(), item.error().reason()));
                }
            }
            pending.clear();
            pending.addAll(again);
            if (!pending.isEmpty()) {
                throw new Cluster.Incomplete(pending.size() + " candidates found no room");
            }
            return answer;
        });
    }

    private static List<BulkOperation> operations(Keys keys, int from, int to) {
        List<BulkOperation> operations = new ArrayList<>(to - from);
        for (int row = from; row < to; row++) {
            float[] key = new float[keys.dimension()];
            keys.copyKey(row, key, 0);
            KeyDocument document = keys instanceof CandidateSet candidates
                    ? new KeyDocument(key, candidates.label(row), candidates.tags(row))
                    : new KeyDocument(key, null, Set.of());
            String id = Long.toString(keys.id(row));
            operations.add(BulkOperation.of(
                    operation -> operation.index(index -> index.id(id).document(document))));
        }
        return operations;
    }

    /** Merges every shard into one segment, which may take longer than the time for an answer. */
    private void merge() throws IOException {
        String task = cluster.json("POST", "/" + index + "/_forcemerge?max_num_segments=1&wait_for_completion=false")
                .getString("task");
        while (!cluster.json("GET", "/_tasks/" + task).getBoolean("completed")) {
            Cluster.sleep(POLL);
        }
    }

    private void waitForCopies() throws IOException {
        cluster.send("wait for the replicas", client -> {
            HealthStatus status = client.cluster()
                    .health(request -> request.index(index)
                            .waitForStatus(HealthStatus.Green)
                            .timeout(time -> time.time("5s")))
                    .status();
            if (status != HealthStatus.Green) {
                throw new Cluster.Incomplete("the index %s is %s: it needs %s nodes for %s replicas"
                        .formatted(index, status.jsonValue(), settings.replicas() + 1, settings.replicas()));
            }
            return status;
        });
    }
}
