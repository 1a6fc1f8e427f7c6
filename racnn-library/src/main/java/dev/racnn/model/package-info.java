/** Classifiers and feature extractors: the networks of the paper's appendix, TorchScript files, weights. */
@NullMarked
package dev.racnn.model;

import org.jspecify.annotations.NullMarked;
