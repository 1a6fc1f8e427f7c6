package dev.racnn.cli;

import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.EngineOptions;
import dev.racnn.cli.terminal.Interruption;
import dev.racnn.racnn.Bundle;
import dev.racnn.report.HtmlReport;
import dev.racnn.server.Abstention;
import dev.racnn.server.Limits;
import dev.racnn.server.RacnnServer;
import dev.racnn.server.ServerSettings;
import dev.racnn.server.api.Metrics;
import dev.racnn.server.batch.BatchSettings;
import dev.racnn.server.model.ServedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code racnn serve}: offers a RaCNN as a service. */
@Command(
        name = "serve",
        description = "Serves a RaCNN: a REST interface (/openapi.json describes it) and a page that shows why an image"
                + " gets its label. Ends when it is told to (Ctrl-C, SIGTERM), after the requests that it has taken.")
final class ServeCommand implements Callable<Integer> {
    private static final int TOKEN_BYTES = 16;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private EngineOptions engine;

    @Option(names = "--model", paramLabel = "BUNDLE", required = true, description = "Bundle of the RaCNN to serve.")
    private Path model;

    @Option(
            names = "--baseline",
            paramLabel = "BUNDLE",
            description = "Bundle of a baseline, whose answers can be shown beside those of the RaCNN.")
    private @Nullable Path baseline;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8080",
            description = "Port, 8080 by default; 0 for any.")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Interface to listen at: this machine alone by default, 0.0.0.0 for all.")
    private String host;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description =
                    "A name that clients know the service by, such as that of a proxy before it. May be repeated.")
    private Set<String> allowedHosts = Set.of();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Holds the token that requests must present which change candidates or run an attack. Without"
                    + " it, the environment variable RACNN_TOKEN; without either, a token is made and printed.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--max-batch",
            paramLabel = "N",
            description = "Images that are computed together at most, 32 by default.")
    private int largestBatch = ServerSettings.BATCHES.largest();

    @Option(
            names = "--batch-wait",
            paramLabel = "MS",
            description = "Milliseconds that an image waits at most for others to be computed with, 2 by default.")
    private double patience = ServerSettings.BATCHES.patience().toMillis();

    @Option(
            names = "--queue",
            paramLabel = "N",
            description = "Images that wait at most, 256 by default; more are refused with status 429.")
    private int queue = ServerSettings.BATCHES.capacity();

    @Option(names = "--max-images", paramLabel = "N", description = "Images in a request at most, 64 by default.")
    private int images = Limits.DEFAULT.images();

    @Option(names = "--max-body", paramLabel = "BYTES", description = "Size of a request at most, 16 MiB by default.")
    private long bodyBytes = Limits.DEFAULT.bodyBytes();

    @Option(
            names = "--max-pixels",
            paramLabel = "N",
            description = "Pixels of an image at most, 25 million by default.")
    private long pixels = Limits.DEFAULT.pixels();

    @Option(
            names = "--abstain-above",
            paramLabel = "P",
            description = "Gives no label to an image that lies farther from its neighbours than P percent of the"
                    + " candidates from theirs.")
    private @Nullable Double abovePercentile;

    @Option(
            names = "--abstain-below",
            paramLabel = "A",
            description =
                    "Gives no label to an image whose neighbours with its label weigh less than A, 0 to 1, together.")
    private @Nullable Double belowAgreement;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "What `racnn evaluate --out DIR` wrote: its report is shown on the page.")
    private @Nullable Path report;

    @Option(
            names = "--attack-time",
            paramLabel = "S",
            defaultValue = "120",
            description = "Seconds that an attack may take, 120 by default.")
    private int attackTime;

    @Option(
            names = "--grace",
            paramLabel = "S",
            defaultValue = "20",
            description = "Seconds that accepted requests have to finish at the end, 20 by default.")
    private int grace;

    ServeCommand() {}

    @Override
    public Integer call() throws IOException {
        ServerSettings settings = settings();
        int threads = compute.apply();
        Bundle bundle = compute.open(model);
        Metrics metrics = new Metrics();
        ServedModel served = ServedModel.open(
                bundle, baseline == null ? null : compute.open(baseline), engine.orOwnOf(bundle), threads, metrics);
        RacnnServer server = RacnnServer.start(settings, served, metrics);
        Interruption.endsWith(() -> {
            int unanswered = server.end();
            served.close();
            spec.commandLine()
                    .getErr()
                    .println(
                            unanswered == 0
                                    ? "racnn: ended; every request that was taken is answered"
                                    : "racnn: ended; requests that were cut off: %s; --grace gives them longer"
                                            .formatted(unanswered));
        });
        announce(server.address(), settings);
        return untilTheEnd();
    }

    private ServerSettings settings() throws IOException {
        String token = token();
        try {
            return new ServerSettings(
                    host,
                    port,
                    allowedHosts,
                    token,
                    new BatchSettings(largestBatch, Duration.ofNanos(Math.round(patience * 1e6)), queue),
                    new Limits(bodyBytes, images, pixels),
                    new Abstention(abovePercentile, belowAgreement),
                    Duration.ofSeconds(grace),
                    Duration.ofSeconds(attackTime),
                    page(report));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** The page in a folder that an evaluation was written to. */
    private @Nullable Path page(@Nullable Path folder) {
        if (folder == null) {
            return null;
        }
        Path page = folder.resolve(HtmlReport.FILE);
        if (!Files.isReadable(page)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s has no %s; make one with `racnn evaluate --out %s`".formatted(folder, HtmlReport.FILE, folder));
        }
        return page;
    }

    private String token() throws IOException {
        if (tokenFile != null) {
            return Files.readString(tokenFile).strip();
        }
        String given = System.getenv("RACNN_TOKEN");
        if (given != null) {
            return given.strip();
        }
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private void announce(URI address, ServerSettings settings) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("serving " + model + " at " + address);
        if (tokenFile == null && System.getenv("RACNN_TOKEN") == null) {
            // Behind the # it stays in the browser: no request and no log holds it.
            out.println("with all rights " + address + "/#token=" + settings.token());
        }
        out.flush();
    }

    /** The process is told to end from outside. */
    private static int untilTheEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }
}
