/** Options that several commands take, and how their values are read. */
@NullMarked
package dev.racnn.cli.options;

import org.jspecify.annotations.NullMarked;
