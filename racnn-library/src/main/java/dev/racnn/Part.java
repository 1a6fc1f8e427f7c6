package dev.racnn;

/**
 * One share of work that several processes do.
 *
 * @param number which share, from 1
 * @param of how many shares there are
 */
public record Part(int number, int of) {
    /** All of the work. */
    public static final Part WHOLE = new Part(1, 1);

    public Part {
        if (number < 1 || number > of) {
            throw new IllegalArgumentException(
                    "a part must be I/N with I from 1 to N, such as 2/4, but is %s/%s".formatted(number, of));
        }
    }

    /**
     * Understands {@code 2/4}.
     *
     * @throws IllegalArgumentException if it is not of this form
     */
    public static Part parse(String text) {
        if (!text.matches("[0-9]{1,6}/[0-9]{1,6}")) {
            throw new IllegalArgumentException("a part must be I/N, such as 2/4, but is '" + text + "'");
        }
        int slash = text.indexOf('/');
        return new Part(Integer.parseInt(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** The first of so many pieces of work, in a row, that this part does; that of the next part is where it ends. */
    public int begin(int pieces) {
        return (int) ((long) pieces * (number - 1) / of);
    }

    /** The piece after its last. */
    public int end(int pieces) {
        return (int) ((long) pieces * number / of);
    }

    /** Whether a piece of work is this part's where the parts take turns: piece 0 is the first part's, piece 1 the next one's. */
    public boolean inTurn(long piece) {
        return piece % of == number - 1;
    }

    @Override
    public String toString() {
        return number + "/" + of;
    }
}
