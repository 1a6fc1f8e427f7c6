/** What only measures: how good and how fast engines, attacks and networks are. */
@NullMarked
package dev.racnn.bench;

import org.jspecify.annotations.NullMarked;
