/** Commands that run the experiments of files. */
@NullMarked
package dev.racnn.cli.experiment;

import org.jspecify.annotations.NullMarked;
