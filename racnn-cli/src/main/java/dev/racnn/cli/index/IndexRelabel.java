package dev.racnn.cli.index;

import dev.racnn.candidates.Change;
import dev.racnn.candidates.LiveCandidateSet;
import dev.racnn.cli.options.CandidateSetPlace;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code racnn index relabel}: gives candidates another class. */
@Command(name = "relabel", description = "Gives candidates another class.")
final class IndexRelabel implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private CandidateSetPlace place;

    @Option(names = "--label", paramLabel = "CLASS", required = true, description = "Name of the class.")
    private String label;

    @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids of candidates.")
    private List<Long> ids;

    IndexRelabel() {}

    @Override
    public Integer call() throws IOException {
        try (LiveCandidateSet live = LiveCandidateSet.open(place.folder())) {
            int number = CandidateSetPlace.label(live.layout(), label);
            List<Change> changes = ids.stream()
                    .distinct()
                    .<Change>map(id -> new Change.Relabel(id, number))
                    .toList();
            live.apply(changes);
            spec.commandLine().getOut().printf("relabelled %s as %s%n", changes.size(), label);
        }
        return 0;
    }
}
