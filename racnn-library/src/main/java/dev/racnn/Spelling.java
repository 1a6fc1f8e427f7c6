package dev.racnn;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the word that somebody probably meant, for error messages. */
public final class Spelling {
    private Spelling() {}

    /**
     * The known word with the smallest number of single-letter insertions, deletions and replacements (Levenshtein, 1966)
     * from the given one; upper and lower case count as equal, and the first of several equally near words wins.
     *
     * @param known at least one word
     */
    public static String nearest(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .orElseThrow(() -> new IllegalArgumentException("known words must not be empty"));
    }

    static int distance(String first, String second) {
        String a = first.toLowerCase(Locale.ROOT);
        String b = second.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
