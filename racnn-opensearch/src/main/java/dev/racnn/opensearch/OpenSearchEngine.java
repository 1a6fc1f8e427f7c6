package dev.racnn.opensearch;

import dev.racnn.retrieval.KeyChecks;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.retrieval.RetrievalEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.opensearch.client.json.JsonData;
import org.opensearch.client.opensearch._types.query_dsl.Query;
import org.opensearch.client.opensearch.core.MsearchRequest;
import org.opensearch.client.opensearch.core.MsearchResponse;
import org.opensearch.client.opensearch.core.msearch.MultiSearchResponseItem;
import org.opensearch.client.opensearch.core.msearch.RequestItem;
import org.opensearch.client.opensearch.core.search.Hit;

/**
 * The distributed retrieval engine: approximate search by HNSW graphs in the shards of an OpenSearch index, each with
 * replicas on other nodes.
 *
 * <p>A search that a node does not answer, or only for a part of the shards, is sent again while the patience of the
 * settings lasts; an incomplete answer is never returned. Distances come from the cluster's scores 1 / (1 + d^2), which
 * are single-precision numbers: d^2 has an error of up to about 1e-7 (1 + d^2). Candidates at equal distance are ordered
 * by id, though which of several at the k-th distance are found is up to the cluster.
 */
public final class OpenSearchEngine implements RetrievalEngine {
    /** The most neighbours that the cluster returns for a query. */
    public static final int MAX_K = 10_000;

    /** Queries in one request. */
    private static final int BATCH = 128;

    private final Cluster cluster;
    private final OpenSearchSettings settings;
    private final int dimension;
    private final int size;

    private OpenSearchEngine(Cluster cluster, OpenSearchSettings settings, int dimension, int size) {
        this.cluster = cluster;
        this.settings = settings;
        this.dimension = dimension;
        this.size = size;
    }

    /**
     * Connects to an index that is complete.
     *
     * @throws IOException if the cluster does not answer, or has no such index or an unfinished one
     */
    public static OpenSearchEngine open(OpenSearchSettings settings) throws IOException {
        Cluster cluster = new Cluster(settings);
        try {
            return describe(cluster, settings);
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /**
     * Connects to an index that is complete and was loaded with these keys.
     *
     * @throws IOException if the cluster does not answer, or its index is missing, unfinished or of other keys
     */
    public static OpenSearchEngine open(OpenSearchSettings settings, Keys keys) throws IOException {
        OpenSearchEngine engine = open(settings);
        try {
            IndexDescription.of(engine.cluster, settings.index()).requireOf(keys, engine.cluster, settings.index());
            if (engine.size != keys.size()) {
                throw new IOException(
                        "the index %s of %s holds %s keys, but should hold %s; delete it and load it again with `racnn index upload`"
                                .formatted(settings.index(), engine.cluster, engine.size, keys.size()));
            }
            return engine;
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /**
     * Creates an index and loads it with keys, and with labels and tags if they come from a candidate set. An
     * interrupted build is continued by building again.
     *
     * @param loaded is told how many keys are loaded
     * @throws IOException if the cluster does not answer or refuses, or has a complete index of this name
     */
    public static OpenSearchEngine build(OpenSearchSettings settings, Keys keys, IntConsumer loaded)
            throws IOException {
        Cluster cluster = new Cluster(settings);
        try {
            new IndexBuilder(cluster, settings).build(keys, loaded);
            return describe(cluster, settings);
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Neighbours search(float[] queries, int k) {
        int count = check(queries, k);
        return nearest(count, k, hits(queries, count, k, null), _ -> true);
    }

    /**
     * The k nearest among the candidates that match a query of the cluster, such as a term on {@code label} or
     * {@code tags}. The cluster applies it during the search.
     *
     * @throws IllegalArgumentException also if fewer than k candidates match
     */
    public Neighbours search(float[] queries, int k, Query matching) {
        int count = check(queries, k);
        return nearest(count, k, hits(queries, count, k, matching), _ -> true);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The cluster cannot call the filter: more and more neighbours are fetched until enough of them pass, at most
     * {@value #MAX_K}. Use {@link #search(float[], int, Query)} for a filter that accepts few.
     */
    @Override
    public Neighbours search(float[] queries, int k, LongPredicate accepted) {
        int count = check(queries, k);
        int most = Math.min(size, MAX_K);
        for (int fetched = Math.min(2 * k, most); true; fetched = Math.min(4 * fetched, most)) {
            List<List<Hit<Void>>> hits = hits(queries, count, fetched, null);
            boolean enough = hits.stream()
                    .allMatch(found ->
                            found.stream().filter(hit -> accepted.test(id(hit))).count() >= k);
            if (enough || fetched == most) {
                return nearest(count, k, hits, accepted);
            }
        }
    }

    @Override
    public void close() {
        try {
            cluster.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the connection to " + cluster + " could not be closed", e);
        }
    }

    private static OpenSearchEngine describe(Cluster cluster, OpenSearchSettings settings) throws IOException {
        IndexDescription index = IndexDescription.of(cluster, settings.index());
        if (!index.complete()) {
            throw new IOException("the index %s of %s was not loaded to the end; build it again"
                    .formatted(settings.index(), cluster));
        }
        long size = cluster.send("count", client -> client.count(request -> request.index(settings.index())))
                .count();
        return new OpenSearchEngine(cluster, settings, index.dimension(), Math.toIntExact(size));
    }

    private int check(float[] queries, int k) {
        int most = Math.min(size, MAX_K);
        if (k < 1 || k > most) {
            throw new IllegalArgumentException("k must be from 1 to %s, but is %s".formatted(most, k));
        }
        return KeyChecks.requireSearchable(queries, dimension, k, size);
    }

    /** The hits of every query. */
    private List<List<Hit<Void>>> hits(float[] queries, int count, int k, @Nullable Query matching) {
        List<List<Hit<Void>>> hits = new ArrayList<>(count);
        try {
            for (int start = 0; start < count; start += BATCH) {
                MsearchRequest request = request(queries, start, Math.min(start + BATCH, count), k, matching);
                hits.addAll(cluster.send("search", client -> complete(client.msearch(request, Void.class))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        return hits;
    }

    private MsearchRequest request(float[] queries, int from, int to, int k, @Nullable Query matching) {
        MsearchRequest.Builder request = new MsearchRequest.Builder().index(settings.index());
        for (int query = from; query < to; query++) {
            List<Float> vector = new ArrayList<>(dimension);
            for (int i = 0; i < dimension; i++) {
                vector.add(queries[query * dimension + i]);
            }
            request.searches(RequestItem.of(search -> search.header(header -> header)
                    .body(body -> body.size(k)
                            .source(source -> source.fetch(false))
                            .trackTotalHits(track -> track.enabled(false))
                            .query(knn -> knn.knn(nearest -> {
                                nearest.field(KeyDocument.KEY)
                                        .vector(vector)
                                        .k(k)
                                        .methodParameters("ef_search", JsonData.of(Math.max(k, settings.ef())));
                                return matching == null ? nearest : nearest.filter(matching);
                            })))));
        }
        return request.build();
    }

    /** The hits of an answer in which every shard has taken part. */
    private static List<List<Hit<Void>>> complete(MsearchResponse<Void> answer) throws IOException {
        List<List<Hit<Void>>> hits = new ArrayList<>();
        for (MultiSearchResponseItem<Void> item : answer.responses()) {
            if (item.isFailure()) {
                int status = item.failure().status();
                String reason = String.valueOf(item.failure().error().reason());
                if (!Cluster.isTransient(status)) {
                    throw new IllegalArgumentException(
                            "the search was refused with status %s: %s".formatted(status, reason));
                }
                throw new Cluster.Incomplete(reason);
            }
            if (item.result().shards().failed() > 0 || item.result().timedOut()) {
                throw new Cluster.Incomplete("%s of %s shards did not answer"
                        .formatted(
                                item.result().shards().failed(),
                                item.result().shards().total()));
            }
            hits.add(item.result().hits().hits());
        }
        return hits;
    }

    private Neighbours nearest(int count, int k, List<List<Hit<Void>>> hits, LongPredicate accepted) {
        long[] ids = new long[count * k];
        float[] squaredDistances = new float[count * k];
        for (int query = 0; query < count; query++) {
            List<Hit<Void>> found = hits.get(query).stream()
                    .filter(hit -> accepted.test(id(hit)))
                    .sorted(Comparator.<Hit<Void>>comparingDouble(hit -> -score(hit))
                            .thenComparingLong(OpenSearchEngine::id))
                    .limit(k)
                    .toList();
            if (found.size() < k) {
                throw new IllegalArgumentException(
                        "only %s of the %s nearest candidates pass the filter, fewer than k = %s; ask for fewer neighbours or filter in the cluster"
                                .formatted(found.size(), hits.get(query).size(), k));
            }
            for (int rank = 0; rank < k; rank++) {
                ids[query * k + rank] = id(found.get(rank));
                squaredDistances[query * k + rank] = (float) Math.max(0, 1 / score(found.get(rank)) - 1);
            }
        }
        return new Neighbours(count, k, ids, squaredDistances);
    }

    private static long id(Hit<Void> hit) {
        return Long.parseLong(String.valueOf(hit.id()));
    }

    private static double score(Hit<Void> hit) {
        Double score = hit.score();
        if (score == null) {
            throw new IllegalStateException("the cluster returned candidate " + hit.id() + " without a score");
        }
        return score;
    }
}
