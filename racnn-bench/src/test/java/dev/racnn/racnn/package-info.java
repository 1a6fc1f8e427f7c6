/** Speed of the projection and of drawing from the simplex. */
@NullMarked
package dev.racnn.racnn;

import org.jspecify.annotations.NullMarked;
