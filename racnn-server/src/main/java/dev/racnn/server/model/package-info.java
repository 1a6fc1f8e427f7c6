/** The only place where the server meets the library: a bundle with its candidate set as a service needs them. */
@NullMarked
package dev.racnn.server.model;

import org.jspecify.annotations.NullMarked;
