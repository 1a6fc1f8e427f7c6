/**
 * Evaluations and attacks for people and for scripts: terminal, Markdown, one self-contained page; JSON, curves, adversarial
 * images.
 */
@NullMarked
package dev.racnn.report;

import org.jspecify.annotations.NullMarked;
