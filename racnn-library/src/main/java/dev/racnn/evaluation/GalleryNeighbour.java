package dev.racnn.evaluation;

/**
 * A neighbour of a query.
 *
 * @param id of the candidate
 * @param label its class
 * @param squaredDistance between the keys of query and candidate
 * @param weight attention alpha, in [0, 1]
 * @param image the candidate
 */
public record GalleryNeighbour(long id, int label, double squaredDistance, double weight, Thumbnail image) {}
