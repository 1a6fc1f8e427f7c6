package dev.racnn.cli.index;

import dev.racnn.Progress;
import dev.racnn.candidates.CandidateSet;
import dev.racnn.cli.options.CandidateSetPlace;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.opensearch.OpenSearchEngine;
import dev.racnn.opensearch.OpenSearchSettings;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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

    @Parameters(
            paramLabel = "ENGINE",
            converter = ClusterConverter.class,
            description = "The index to make: " + OpenSearchSettings.FORM)
    private OpenSearchSettings engine;

    IndexUpload() {}

    @Override
    public Integer call() throws IOException {
        CandidateSet candidates = CandidateSet.open(place.folder());
        StepProgress progress = new StepProgress(spec.commandLine().getErr());
        try (OpenSearchEngine loaded = OpenSearchEngine.build(
                engine, candidates, done -> progress.accept(Progress.images("upload", done, candidates.size())))) {
            spec.commandLine().getOut().printf("%s keys in index %s%n", loaded.size(), engine.index());
        }
        return 0;
    }

    /** Understands an engine that is an index of a cluster. */
    static final class ClusterConverter implements ITypeConverter<OpenSearchSettings> {
        ClusterConverter() {}

        @Override
        public OpenSearchSettings convert(String value) {
            try {
                return OpenSearchSettings.parse(value, System.getenv());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
