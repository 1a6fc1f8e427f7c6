/** The paper's own parts: projection onto the convex hull of the neighbours, local mixup, the RaCNN itself. */
@NullMarked
package dev.racnn.racnn;

import org.jspecify.annotations.NullMarked;
