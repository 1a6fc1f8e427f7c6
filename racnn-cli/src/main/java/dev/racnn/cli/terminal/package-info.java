/** What the command line says and how: progress, errors, interruptions. */
@NullMarked
package dev.racnn.cli.terminal;

import org.jspecify.annotations.NullMarked;
