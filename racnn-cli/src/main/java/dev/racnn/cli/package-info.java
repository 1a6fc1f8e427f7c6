/** The command line: one class a command, registered in {@link dev.racnn.cli.Main} or in its group. */
@NullMarked
package dev.racnn.cli;

import org.jspecify.annotations.NullMarked;
