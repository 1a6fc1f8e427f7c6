/** The attack command. */
@NullMarked
package dev.racnn.cli.attack;

import org.jspecify.annotations.NullMarked;
