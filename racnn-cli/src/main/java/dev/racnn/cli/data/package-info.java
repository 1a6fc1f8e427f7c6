/** Commands about data sets. */
@NullMarked
package dev.racnn.cli.data;

import org.jspecify.annotations.NullMarked;
