/** The RaCNN as a service: a REST interface and a page that shows why an image got its label. */
@NullMarked
package dev.racnn.server;

import org.jspecify.annotations.NullMarked;
