/** D', the candidate set that lives: its log of changes, snapshots, compaction, and the indexes that are saved with it. */
@NullMarked
package dev.racnn.candidates;

import org.jspecify.annotations.NullMarked;
