package dev.racnn.report;

import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.evaluation.Proportion;
import java.util.Locale;

/** Numbers as reports print them; the only place where shares become percent. */
final class Numbers {
    /** What images that are 8 bits deep are measured in. */
    static final int LEVELS = 255;

    private Numbers() {}

    /** {@code Linf 8/255}, {@code Linf 0.5/255} or {@code L2 0.5}. */
    static String budget(ThreatModel budget) {
        String norm = budget.norm().name().charAt(0)
                + budget.norm().name().substring(1).toLowerCase(Locale.ROOT);
        double levels = budget.epsilon() * LEVELS;
        // Wholes, and the halves that the literature has.
        double unit = levels < 10 ? 0.5 : 1;
        boolean even = Math.abs(levels / unit - Math.rint(levels / unit)) < 1e-9;
        boolean inLevels = budget.norm() == Norm.LINF && levels < LEVELS && even;
        return norm + " " + (inLevels ? plain(levels) + "/" + LEVELS : plain(budget.epsilon()));
    }

    /** {@code 80.8}: a share in percent. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    /** {@code 85.15} or {@code 53}: a share in percent, with the decimals that the paper has. */
    static String published(double share) {
        return String.format(Locale.ROOT, "%.2f", 100 * share).replaceFirst("\\.?0+$", "");
    }

    /** {@code 0.8515}: a share in [0, 1]. */
    static String fraction(double share) {
        return String.format(Locale.ROOT, "%.4f", share);
    }

    /** {@code +1.3} or {@code −0.4}: by how many points one share is above another. */
    static String difference(double share, double other) {
        // To whole hundredths first, so that what is written as .85 rounds as .85.
        long tenths = Math.round(Math.rint(10_000 * Math.abs(share - other)) / 10);
        return (share < other && tenths > 0 ? "−" : "+") + String.format(Locale.ROOT, "%.1f", tenths / 10.0);
    }

    /** {@code 1,000}: how many. */
    static String count(int n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** {@code 12.34}: four significant digits. */
    static String significant(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /** {@code 12}: the nearest whole number. */
    static String whole(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    /** {@code 0.25}: two decimals. */
    static String hundredths(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** {@code 78.2–83.1}: a 95 % interval in percent. */
    static String interval(Proportion share) {
        return percent(share.lower()) + "–" + percent(share.upper());
    }

    /** {@code 1e-4}: a distance as the paper writes it. */
    static String scientific(double value) {
        if (value == 0) {
            return "0";
        }
        String text = String.format(Locale.ROOT, "%.2e", value);
        int e = text.indexOf('e');
        String mantissa = text.substring(0, e).replaceAll("\\.?0+$", "");
        return mantissa + "e" + Integer.parseInt(text.substring(e + 1));
    }

    /** {@code 0.55}: three significant digits, without an exponent for what reports show. */
    static String plain(double value) {
        if (Double.isInfinite(value)) {
            return "∞";
        }
        return value >= 100 || value == 0
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.3g", value)
                        .replaceAll("(\\.\\d*?)0+$", "$1")
                        .replaceAll("\\.$", "");
    }
}
