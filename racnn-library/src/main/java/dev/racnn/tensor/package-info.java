/** Who owns native memory; conversions between Java arrays and libtorch tensors; precision, threads, seeds. */
@NullMarked
package dev.racnn.tensor;

import org.jspecify.annotations.NullMarked;
