/** The retrieval engine F and the candidate set D' (sections 2.1 and 2.4). Pure Java: knows nothing of libtorch. */
@NullMarked
package dev.racnn.retrieval;

import org.jspecify.annotations.NullMarked;
