package dev.racnn.evaluation;

/**
 * An image with its neighbours, before and after an attack (Figure 4).
 *
 * @param index of the image in its data set
 * @param label true class
 * @param attack that made the adversarial image
 * @param scenario of that attack
 * @param msd normalised L2 distance between the two images
 * @param l2 Euclidean distance between them
 * @param clean the image and its neighbours
 * @param adversarial the adversarial image and its neighbours
 */
public record GalleryExample(
        int index,
        int label,
        String attack,
        Scenario scenario,
        double msd,
        double l2,
        GalleryRow clean,
        GalleryRow adversarial) {}
