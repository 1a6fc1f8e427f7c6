/** Experiments: files that name models, attacks and the paper's numbers, and the machine that runs them cell by cell. */
@NullMarked
package dev.racnn.experiment;

import org.jspecify.annotations.NullMarked;
