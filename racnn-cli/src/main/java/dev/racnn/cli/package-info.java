/** The command line: one class a command, registered in {@link dev.racnn.cli.Racnn} or in its group. */
@NullMarked
package dev.racnn.cli;

import org.jspecify.annotations.NullMarked;
