/**
 * Attacks on the retrieval itself: what an attacker can make of a RaCNN whose candidates are known to them.
 */
@NullMarked
package dev.racnn.adaptive;

import org.jspecify.annotations.NullMarked;
