/** Retrieval by libtorch: exact search as a matrix product and a selection of the nearest. */
@NullMarked
package dev.racnn.libtorch;

import org.jspecify.annotations.NullMarked;
