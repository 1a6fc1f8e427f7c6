/** Commands that build and change candidate sets and their indexes. */
@NullMarked
package dev.racnn.cli.index;

import org.jspecify.annotations.NullMarked;
