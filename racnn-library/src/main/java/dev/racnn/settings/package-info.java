/** Settings as records: how people change them, by name, from files and command lines. */
@NullMarked
package dev.racnn.settings;

import org.jspecify.annotations.NullMarked;
