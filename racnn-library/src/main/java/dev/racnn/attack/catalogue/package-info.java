/** All attacks by name, and what is known of each before it is made. */
@NullMarked
package dev.racnn.attack.catalogue;

import org.jspecify.annotations.NullMarked;
