/** Who changed what, kept for good. Knows neither HTTP nor the model. */
@NullMarked
package dev.racnn.server.audit;

import org.jspecify.annotations.NullMarked;
