/** The distributed retrieval engine: candidates in an OpenSearch cluster, reached through its official client. */
@NullMarked
package dev.racnn.opensearch;

import org.jspecify.annotations.NullMarked;
