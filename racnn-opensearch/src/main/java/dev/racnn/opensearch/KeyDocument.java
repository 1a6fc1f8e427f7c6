package dev.racnn.opensearch;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A candidate as the index holds it; its id is the id of the document.
 *
 * @param key phi'(x')
 * @param label to filter by, if it is known
 * @param tags to filter by
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record KeyDocument(float[] key, @Nullable Integer label, Set<String> tags) {
    static final String KEY = "key";
    static final String LABEL = "label";
    static final String TAGS = "tags";
}
