/** Speed of the kernels of retrieval. */
@NullMarked
package dev.racnn.retrieval;

import org.jspecify.annotations.NullMarked;
