package dev.racnn.server.browser;

/**
 * How a page came into view.
 *
 * @param bytes transferred, of all files
 * @param painted milliseconds until something was painted
 * @param usable milliseconds until everything could be used
 * @param shift what had moved, as browsers count it (cumulative layout shift)
 */
record FirstView(long bytes, double painted, double usable, double shift) {}
