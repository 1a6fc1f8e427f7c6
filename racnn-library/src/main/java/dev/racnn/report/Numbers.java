package dev.racnn.report;

import dev.racnn.evaluation.Proportion;
import java.util.Locale;
import java.util.Map;

/** Numbers and names as reports print them; the only place where shares become percent. */
final class Numbers {
    /** Attacks whose names the literature writes in another way than the command line. */
    private static final Map<String, String> ATTACKS = Map.of(
            "fgsm", "FGSM",
            "ifgsm", "iFGSM",
            "deepfool", "DeepFool",
            "lbfgs", "L-BFGS",
            "boundary", "Boundary",
            "pgd", "PGD",
            "square", "Square");

    private Numbers() {}

    /** An attack as the literature writes it. */
    static String attack(String name) {
        return ATTACKS.getOrDefault(name, name);
    }

    /** {@code 80.8}: a share in percent. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
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
