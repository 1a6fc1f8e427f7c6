/** Image files of clients, checked from outside before anything decodes them. Knows neither HTTP nor the model. */
@NullMarked
package dev.racnn.server.image;

import org.jspecify.annotations.NullMarked;
