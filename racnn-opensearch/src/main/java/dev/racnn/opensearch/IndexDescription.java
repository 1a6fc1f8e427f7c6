package dev.racnn.opensearch;

import java.io.IOException;
import org.opensearch.client.json.JsonData;
import org.opensearch.client.opensearch._types.mapping.Property;
import org.opensearch.client.opensearch._types.mapping.TypeMapping;

/**
 * What the mapping of an index tells.
 *
 * @param dimension components of its keys
 * @param complete whether it was loaded to the end
 */
record IndexDescription(int dimension, boolean complete) {
    /**
     * Asks the cluster.
     *
     * @throws IOException if there is no such index, it holds no keys, or the cluster does not answer
     */
    static IndexDescription of(Cluster cluster, String index) throws IOException {
        boolean exists = cluster.send(
                        "look for the index", client -> client.indices().exists(request -> request.index(index)))
                .value();
        if (!exists) {
            throw new IOException("%s has no index %s; build it first".formatted(cluster, index));
        }
        TypeMapping mapping = cluster.send(
                        "look at the index", client -> client.indices().getMapping(request -> request.index(index)))
                .result()
                .values()
                .iterator()
                .next()
                .mappings();
        Property key = mapping.properties().get(KeyDocument.KEY);
        if (key == null || !key.isKnnVector()) {
            throw new IOException(
                    "%s has an index %s that holds no keys; choose another name".formatted(cluster, index));
        }
        JsonData complete = mapping.meta().get(IndexBuilder.COMPLETE);
        return new IndexDescription(key.knnVector().dimension(), complete != null);
    }
}
