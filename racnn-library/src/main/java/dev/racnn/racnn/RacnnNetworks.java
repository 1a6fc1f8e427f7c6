package dev.racnn.racnn;

import dev.racnn.model.Network;
import dev.racnn.tensor.Precision;

/**
 * What a RaCNN computes with, whatever its candidates are.
 *
 * @param phi from an image to its feature
 * @param projection the attention over the features of the neighbours, with U
 * @param g from a point of their convex hull to logits
 * @param keys phi'
 * @param classes number of classes
 * @param precision format of the arithmetic
 */
public record RacnnNetworks(
        Network phi, ConvexHullProjection projection, Network g, KeyExtractor keys, int classes, Precision precision) {}
