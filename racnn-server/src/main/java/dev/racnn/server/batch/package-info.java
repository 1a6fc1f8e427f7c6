/** Requests of many threads, computed together. Knows neither HTTP nor the model. */
@NullMarked
package dev.racnn.server.batch;

import org.jspecify.annotations.NullMarked;
