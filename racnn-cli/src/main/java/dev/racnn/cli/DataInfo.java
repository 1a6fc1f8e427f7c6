package dev.racnn.cli;

import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code racnn data info}: reads a data set whole and counts what is in it. */
@Command(name = "info", description = "Reads a data set whole, checks it, and counts its images class by class.")
final class DataInfo implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATA", converter = DataSourceConverter.class, description = DataSourceConverter.FORMS)
    private DataSource data;

    DataInfo() {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Dataset train = data.train();
        Dataset test = data.test();
        out.printf("data        %s%n", data);
        out.printf("image size  %s, 3 channels%n", train.imageSize());
        out.printf("classes     %d%n", train.classNames().size());
        out.printf("training    %d images%n", train.size());
        out.printf("test        %d images%n", test.size());
        if (!data.candidatesAreTraining()) {
            out.printf("candidates  %d images%n", data.candidates().size());
        }
        int[] trainCounts = counts(train);
        int[] testCounts = counts(test);
        out.printf("%n%-5s  %8s  %8s  %s%n", "label", "training", "test", "class");
        for (int label = 0; label < trainCounts.length; label++) {
            out.printf(
                    "%5d  %8d  %8d  %s%n",
                    label,
                    trainCounts[label],
                    testCounts[label],
                    train.classNames().get(label));
        }
        return 0;
    }

    private static int[] counts(Dataset dataset) {
        int[] counts = new int[dataset.classNames().size()];
        for (int i = 0; i < dataset.size(); i++) {
            counts[dataset.label(i)]++;
        }
        return counts;
    }
}
