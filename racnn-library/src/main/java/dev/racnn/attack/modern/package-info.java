/** The attacks that the field uses today, with the semantics and defaults of Foolbox 3.3.4. */
@NullMarked
package dev.racnn.attack.modern;

import org.jspecify.annotations.NullMarked;
