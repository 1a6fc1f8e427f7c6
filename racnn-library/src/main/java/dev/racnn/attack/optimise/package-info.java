/** Numerical optimisation under bounds, driven from outside so that many problems share one evaluation of a model. */
@NullMarked
package dev.racnn.attack.optimise;

import org.jspecify.annotations.NullMarked;
