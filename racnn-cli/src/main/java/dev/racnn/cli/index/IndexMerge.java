package dev.racnn.cli.index;

import dev.racnn.candidates.CandidateSet;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.IndexPart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code racnn index merge}: joins the shares of a candidate set. */
@Command(
        name = "merge",
        description =
                "Joins the parts that `racnn index build --part` made to the candidate set of the model, and checks"
                        + " that they belong together. It is the same as if one process had made it.")
final class IndexMerge implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Option(names = "--model", paramLabel = "BUNDLE", required = true, description = "Bundle of a RaCNN.")
    private Path model;

    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Folders of all parts, in any order.")
    private List<Path> parts;

    IndexMerge() {}

    @Override
    public Integer call() throws IOException {
        compute.apply();
        try (Bundle bundle = compute.open(model)) {
            CandidateSet set = IndexPart.merge(bundle, parts);
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s candidates in %s; `racnn index build --model %s` makes the index of its engine%n",
                            set.size(), model.resolve(Bundle.CANDIDATES), model);
        }
        return 0;
    }
}
