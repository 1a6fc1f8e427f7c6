package dev.racnn.attack;

import dev.racnn.model.Classifier;

/**
 * Gradients by automatic differentiation through a classifier.
 *
 * <p>Logits that do not depend on the images as far as autograd can see (a layer that cuts the graph) have gradient zero.
 */
record AutogradPath(Classifier classifier, String name) implements GradientPath {
    AutogradPath {
        if (!classifier.differentiable()) {
            throw new IllegalArgumentException("gradient path '" + name
                    + "' needs a differentiable classifier, but this one has no gradients; use a decision-based attack"
                    + " or a surrogate");
        }
    }

    @Override
    public boolean answersFor(Classifier target) {
        return classifier.equals(target);
    }

    @Override
    public GradientSession open(AttackBatch batch) {
        return FunctionPath.through(batch.around(classifier));
    }
}
