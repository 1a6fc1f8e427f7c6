/** Labelled images: CIFAR-10, SVHN, class folders, the bundled sample, and augmentation. */
@NullMarked
package dev.racnn.data;

import org.jspecify.annotations.NullMarked;
