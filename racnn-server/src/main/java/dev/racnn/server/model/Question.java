package dev.racnn.server.model;

/**
 * An image to classify.
 *
 * @param pixels unsigned bytes in the order channel, row, column, of the model's size
 * @param k neighbours
 * @param thumbnails whether the pictures of the neighbours are wanted
 * @param baseline whether the answer of the baseline is wanted too, if there is one
 */
public record Question(byte[] pixels, int k, boolean thumbnails, boolean baseline) {}
