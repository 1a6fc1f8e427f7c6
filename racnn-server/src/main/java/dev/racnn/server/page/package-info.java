/** The page at {@code /}, which talks to the REST interface like any other client. */
@NullMarked
package dev.racnn.server.page;

import org.jspecify.annotations.NullMarked;
