package dev.racnn.cli.index;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.candidates.LiveCandidateSet;
import dev.racnn.candidates.SetInventory;
import dev.racnn.cli.options.CandidateSetPlace;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code racnn index compact}: makes the changes of a candidate set part of its base. */
@Command(
        name = "compact",
        description = "Writes the candidate set anew without what was removed; interrupted, it goes on next time.")
final class IndexCompact implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private CandidateSetPlace place;

    IndexCompact() {}

    @Override
    public Integer call() throws IOException {
        try (LiveCandidateSet live = LiveCandidateSet.open(place.folder())) {
            int saved;
            try (CandidateSnapshot present = live.snapshot()) {
                saved = SetInventory.of(present.base(), false).indexes().size();
            }
            spec.commandLine()
                    .getErr()
                    .printf(
                            Locale.ROOT,
                            "writing %,d candidates anew and building %s indexes of them%n",
                            live.size(),
                            saved);
            live.compact();
            spec.commandLine().getOut().printf("%s candidates%n", live.size());
        }
        return 0;
    }
}
