package dev.racnn.attack;

/**
 * The label is not among the k largest logits; of equal logits, the lower class counts as the larger.
 *
 * @param k how many answers the classifier may give, at least 1
 */
public record Misclassified(int k) implements Criterion {
    public Misclassified {
        if (k < 1) {
            throw new IllegalArgumentException("k of a top-k criterion must be at least 1, but is " + k);
        }
    }

    @Override
    public String name() {
        return k == 1 ? "misclassified" : "top-" + k;
    }

    @Override
    public int depth() {
        return k;
    }

    @Override
    public boolean isAdversarial(float[] logits, int label, int index) {
        int ahead = 0;
        for (int other = 0; other < logits.length; other++) {
            if (logits[other] > logits[label] || (logits[other] == logits[label] && other < label)) {
                ahead++;
            }
        }
        return ahead >= k;
    }
}
