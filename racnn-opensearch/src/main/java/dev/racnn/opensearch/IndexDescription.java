package dev.racnn.opensearch;

import dev.racnn.retrieval.Keys;
import java.io.IOException;
import java.util.Optional;
import org.opensearch.client.opensearch._types.mapping.Property;
import org.opensearch.client.opensearch._types.mapping.TypeMapping;

/**
 * What the mapping of an index tells.
 *
 * @param dimension components of its keys
 * @param complete whether it was loaded to the end
 * @param fingerprint of its keys, see {@link Keys#fingerprint}; none if an earlier version of this program made it
 */
record IndexDescription(int dimension, boolean complete, Optional<String> fingerprint) {
    /** Name of the note that tells how many keys a complete index has. */
    static final String COMPLETE = "racnn_keys";

    /** Name of the note with the fingerprint of the keys that the index is made for. */
    static final String FINGERPRINT = "racnn_fingerprint";

    private static final String REMEDY =
            "delete it or choose another name, and load the keys with `racnn index upload`";

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
        return new IndexDescription(
                key.knnVector().dimension(),
                mapping.meta().containsKey(COMPLETE),
                Optional.ofNullable(mapping.meta().get(FINGERPRINT)).map(note -> note.to(String.class)));
    }

    /**
     * Checks that the index is of these keys: a model that was trained again has as many, and as wide ones.
     *
     * @throws IOException if it is of others
     */
    void requireOf(Keys keys, Cluster cluster, String index) throws IOException {
        if (dimension != keys.dimension()) {
            throw new IOException("the index %s of %s is of keys of dimension %s, but these have %s; %s"
                    .formatted(index, cluster, dimension, keys.dimension(), REMEDY));
        }
        String expected = keys.fingerprint();
        if (!fingerprint.equals(Optional.of(expected))) {
            throw new IOException("the index %s of %s is of keys with fingerprint %s, but these have %s; %s"
                    .formatted(index, cluster, fingerprint.orElse("(unknown)"), expected, REMEDY));
        }
    }
}
