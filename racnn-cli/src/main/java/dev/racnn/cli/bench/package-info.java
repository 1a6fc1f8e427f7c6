/** Commands that measure. */
@NullMarked
package dev.racnn.cli.bench;

import org.jspecify.annotations.NullMarked;
