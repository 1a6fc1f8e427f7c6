/** Retrieval-augmented convolutional networks (Zhao and Cho, arXiv 1802.09502): what every package may use. */
@NullMarked
package dev.racnn;

import org.jspecify.annotations.NullMarked;
