/** Files that are whole or not there, and who may change them. */
@NullMarked
package dev.racnn.files;

import org.jspecify.annotations.NullMarked;
