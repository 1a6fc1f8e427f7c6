/** The contract of the retrieval engine F (section 2.4), and the engines. Pure Java: knows nothing of libtorch. */
@NullMarked
package dev.racnn.retrieval;

import org.jspecify.annotations.NullMarked;
