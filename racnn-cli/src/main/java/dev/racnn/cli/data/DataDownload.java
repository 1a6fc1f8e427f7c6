package dev.racnn.cli.data;

import dev.racnn.data.Download;
import dev.racnn.data.OfficialData;
import dev.racnn.data.RemoteFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code racnn data download}: fetches the official files of a data set. */
@Command(
        name = "download",
        description = {
            "Downloads the official files of a data set and checks them.",
            "A download that was cut off goes on where it stopped. Prints the DATA argument of other commands."
        })
final class DataDownload implements Callable<Integer> {
    private static final double MEGABYTE = 1e6;
    private static final long NANOS_BETWEEN_REPORTS = 2_000_000_000L;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "cifar10 (170 MB) or svhn (1.6 GB).")
    private String name;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder to put the files in; data/NAME if not given.")
    private @Nullable Path out;

    @Option(
            names = "--from",
            paramLabel = "URL",
            description = "Address of another folder on the web that has the same files.")
    private @Nullable URI from;

    private long reported = System.nanoTime();

    DataDownload() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        OfficialData data = officialData();
        Path folder = out == null ? Path.of("data", data.toString()) : out;
        try (Download download = new Download(this::report)) {
            for (RemoteFile official : data.files()) {
                RemoteFile file = from == null ? official : official.at(from);
                spec.commandLine().getErr().printf("%s from %s%n", file.fileName(), file.uri());
                download.fetch(file, folder);
            }
        }
        spec.commandLine().getOut().println(data + ":" + folder);
        return 0;
    }

    private OfficialData officialData() {
        try {
            return OfficialData.named(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void report(RemoteFile file, long bytes, long total) {
        long now = System.nanoTime();
        if (now - reported < NANOS_BETWEEN_REPORTS && bytes != total) {
            return;
        }
        reported = now;
        PrintWriter err = spec.commandLine().getErr();
        String whole = total < 0 ? "" : String.format(Locale.ROOT, " of %.1f", total / MEGABYTE);
        err.printf(Locale.ROOT, "%s: %.1f%s MB%n", file.fileName(), bytes / MEGABYTE, whole);
    }
}
