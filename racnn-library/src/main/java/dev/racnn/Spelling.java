package dev.racnn;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the word that somebody probably meant, for error messages. */
public final class Spelling {
    private Spelling() {}

    /**
     * The end of an error message that suggests the nearest known word, "; did you mean 'word'?", or nothing if even that
     * one differs in more than a third of its letters.
     */
    public static String suggestion(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .filter(nearest ->
                        distance(word, nearest) <= Math.max(1, Math.max(word.length(), nearest.length()) / 3))
                .map("; did you mean '%s'?"::formatted)
                .orElse("");
    }

    /**
     * The known word that the fewest single-letter insertions, deletions, replacements (Levenshtein, 1966) and swaps of
     * neighbouring letters (Damerau, 1964) lead to from the given one; upper and lower case count as equal, and the first of several equally near words wins.
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
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    edits[i][j] = Math.min(edits[i][j], 1 + edits[i - 2][j - 2]);
                }
            }
        }
        return edits[a.length()][b.length()];
    }
}
