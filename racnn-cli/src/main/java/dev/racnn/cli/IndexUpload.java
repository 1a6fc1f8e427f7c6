package dev.racnn.cli;

import dev.racnn.opensearch.OpenSearchEngine;
import dev.racnn.opensearch.OpenSearchSettings;
import dev.racnn.retrieval.CandidateSet;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code racnn index upload}: loads the keys of a candidate set into a cluster. */
@Command(
        name = "upload",
        description = "Loads the keys, labels and tags of a compacted candidate set into a new index of an OpenSearch"
                + " cluster; interrupted, it goes on when it is run again.")
final class IndexUpload implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private CandidateSetPlace place;

    @Parameters(paramLabel = "ENGINE", description = "The index to make: " + OpenSearchSettings.FORM)
    private String engine;

    IndexUpload() {}

    @Override
    public Integer call() throws IOException {
        CandidateSet candidates = CandidateSet.open(place.folder());
        StepProgress progress = new StepProgress(spec.commandLine().getErr());
        try (OpenSearchEngine loaded = OpenSearchEngine.build(
                OpenSearchSettings.parse(engine, System.getenv()),
                candidates,
                done -> progress.update("upload", done, candidates.size()))) {
            spec.commandLine().getOut().printf("%d keys in %s%n", loaded.size(), engine);
        }
        return 0;
    }
}
