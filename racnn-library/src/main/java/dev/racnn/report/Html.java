package dev.racnn.report;

/** Text in HTML and SVG. */
final class Html {
    private Html() {}

    /** The text with everything escaped that has a meaning in markup, inside elements and attributes. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
