package dev.racnn.server.image;

import org.jspecify.annotations.Nullable;

/**
 * An image file that a client sent.
 *
 * @param name for messages about it
 * @param content the file
 * @param declaredType media type that the client gave; null if none
 */
public record Upload(String name, byte[] content, @Nullable String declaredType) {}
