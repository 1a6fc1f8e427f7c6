package dev.racnn.cli.index;

import dev.racnn.Spelling;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.candidates.Change;
import dev.racnn.candidates.LiveCandidateSet;
import dev.racnn.cli.options.CandidateSetPlace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code racnn index remove}: takes candidates out of the set. */
@Command(
        name = "remove",
        description = "Removes candidates by id, or all with a tag; they are in no answer that begins afterwards.")
final class IndexRemove implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private CandidateSetPlace place;

    @Option(names = "--tag", paramLabel = "TAG", description = "Removes the candidates with this tag. May be repeated.")
    private List<String> tags = new ArrayList<>();

    @Parameters(paramLabel = "ID", description = "Ids of candidates.")
    private List<Long> ids = new ArrayList<>();

    IndexRemove() {}

    @Override
    public Integer call() throws IOException {
        if (ids.isEmpty() && tags.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "nothing to remove: give ids, or a tag with --tag");
        }
        try (LiveCandidateSet live = LiveCandidateSet.open(place.folder())) {
            Set<Long> removed = new LinkedHashSet<>(ids);
            try (CandidateSnapshot present = live.snapshot()) {
                for (String tag : tags) {
                    removed.addAll(tagged(present, tag));
                }
            }
            live.apply(removed.stream().<Change>map(Change.Remove::new).toList());
            spec.commandLine().getOut().printf("removed %s, %s candidates remain%n", removed.size(), live.size());
        }
        return 0;
    }

    private static List<Long> tagged(CandidateSnapshot present, String tag) {
        List<Long> found = present.ids().filter(present.tagged(tag)).boxed().toList();
        if (found.isEmpty()) {
            Set<String> known = new TreeSet<>();
            present.ids().forEach(id -> known.addAll(present.tags(id)));
            String suggestion = Spelling.suggestion(tag, known);
            throw new IllegalArgumentException("no candidate has the tag '%s'%s"
                    .formatted(tag, suggestion.isEmpty() ? "; `index info` lists the tags" : suggestion));
        }
        return found;
    }
}
