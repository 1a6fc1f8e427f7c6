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
            boolean behind = logits[other] < logits[label] || (logits[other] == logits[label] && other >= label);
            // What is no number is behind nothing: an answer that holds one is no right answer.
            ahead += behind ? 0 : 1;
        }
        return ahead >= k;
    }
}
