package dev.racnn.evaluation;

import java.util.List;

/**
 * A query and what F returned for it.
 *
 * @param query the image
 * @param prediction class that the model gives it
 * @param probability of that class, in [0, 1]
 * @param neighbours F(x), nearest first
 */
public record GalleryRow(Thumbnail query, int prediction, double probability, List<GalleryNeighbour> neighbours) {
    public GalleryRow {
        neighbours = List.copyOf(neighbours);
    }
}
