/** What a classifier is worth: clean and robust accuracy, and what becomes of the retrieval, as data for reports. */
@NullMarked
package dev.racnn.evaluation;

import org.jspecify.annotations.NullMarked;
