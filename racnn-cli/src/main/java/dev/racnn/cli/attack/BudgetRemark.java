package dev.racnn.cli.attack;

import dev.racnn.attack.ThreatModel;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Bounds;
import java.util.Optional;

/** What to say of a budget in other units than the pixels. */
final class BudgetRemark {
    private static final int LEVELS = 255;

    private BudgetRemark() {}

    /**
     * A remark on a budget within which every image can be made grey, or one of pixels in [0, 1] where they are in [0, 255]; none on
     * others.
     *
     * @param bounds of the pixels
     * @param size of the images
     */
    static Optional<String> of(ThreatModel budget, Bounds bounds, ImageSize size) {
        double pixel = bounds.range() / 2;
        double grey = switch (budget.norm()) {
            case LINF -> pixel;
            case L2 -> pixel * Math.sqrt(size.bytes());
            case L0 -> size.bytes();
            case L1 -> pixel * size.bytes();
        };
        String stated = "a budget of %s for pixels in [%s, %s]".formatted(budget, bounds.min(), bounds.max());
        double epsilon = budget.epsilon();
        if (epsilon >= grey) {
            String meant = epsilon >= 1 && bounds.equals(Bounds.UNIT) ? "; of 255 levels it would be %s/255" : "";
            return Optional.of(
                    stated + " lets every image be made grey, so that no model holds up" + meant.formatted(epsilon));
        }
        if (bounds.range() >= LEVELS && epsilon > 0 && epsilon < 1) {
            return Optional.of("%s is less than one level; %s, if it was meant for pixels in [0, 1]"
                    .formatted(stated, epsilon * LEVELS));
        }
        return Optional.empty();
    }
}
