/** Evaluations for people: terminal, Markdown, and one self-contained page. */
@NullMarked
package dev.racnn.report;

import org.jspecify.annotations.NullMarked;
