/** Attacks on the served model, so that one can see what they do. Knows nothing of HTTP. */
@NullMarked
package dev.racnn.server.attack;

import org.jspecify.annotations.NullMarked;
