/** Training of baselines, retrieval extractors and RaCNNs: settings, optimiser, schedule, checkpoints, log. */
@NullMarked
package dev.racnn.training;

import org.jspecify.annotations.NullMarked;
