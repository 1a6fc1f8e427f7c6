package dev.racnn.cli;

import dev.racnn.Version;
import dev.racnn.cli.attack.AttackCommand;
import dev.racnn.cli.bench.BenchCommand;
import dev.racnn.cli.data.DataCommand;
import dev.racnn.cli.experiment.ExperimentCommand;
import dev.racnn.cli.index.IndexCommand;
import dev.racnn.cli.options.PathConverter;
import dev.racnn.cli.terminal.ErrorLine;
import dev.racnn.cli.terminal.Interruption;
import dev.racnn.cli.terminal.StandardError;
import dev.racnn.cli.terminal.WarningLog;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command {@code racnn}: results go to standard output, progress and errors to standard error.
 *
 * <p>Exit codes: 0 on success; 2 on wrong usage and 1 on failure, each with one line that says what is wrong; 130 after
 * Ctrl-C, with one that says what is kept.
 */
@Command(
        name = "racnn",
        description = "Image classifiers that hold up against adversarial inputs: retrieval-augmented convolutional"
                + " networks (Zhao and Cho, arXiv 1802.09502).",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Main.BuildVersion.class,
        subcommands = {
            QuickstartCommand.class,
            TrainCommand.class,
            HalveCommand.class,
            IndexCommand.class,
            ClassifyCommand.class,
            ServeCommand.class,
            AttackCommand.class,
            EvaluateCommand.class,
            ExperimentCommand.class,
            ReportCommand.class,
            BenchCommand.class,
            DataCommand.class
        })
public final class Main implements Runnable {
    private static final int USAGE_WIDTH = 100;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--stacktrace",
            hidden = true,
            scope = ScopeType.INHERIT,
            description = "Print where an error came from.")
    private boolean stackTrace;

    Main() {}

    /** Runs a command line and ends the process with its exit code. */
    public static void main(String[] args) {
        StandardError.restore();
        WarningLog.use();
        PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
        PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
        Thread watching = Interruption.watch(err);
        int exitCode = run(out, err, args);
        Interruption.unwatch(watching);
        System.exit(exitCode);
    }

    /** Runs a command line inside this process and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        Main root = new Main();
        CommandLine commandLine = new CommandLine(root)
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(USAGE_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, new PathConverter())
                .setParameterExceptionHandler((e, _) -> {
                    CommandSpec command = e.getCommandLine().getCommandSpec();
                    return root.fail(
                            err,
                            e,
                            ErrorLine.of(e) + " (see " + command.qualifiedName() + " --help)",
                            command.exitCodeOnInvalidInput());
                })
                .setExecutionExceptionHandler((e, command, _) -> root.fail(
                        err, e, ErrorLine.of(e), command.getCommandSpec().exitCodeOnExecutionException()));
        try {
            int exitCode = commandLine.execute(args);
            if (out.checkError()) {
                err.println("racnn: standard output could not be written, so results are lost; is the disk full, or the"
                        + " reader gone?");
                return Math.max(exitCode, CommandLine.ExitCode.SOFTWARE);
            }
            return exitCode;
        } catch (OutOfMemoryError | LinkageError e) {
            return root.fail(err, e, ErrorLine.of(e), CommandLine.ExitCode.SOFTWARE);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private int fail(PrintWriter err, Throwable e, String line, int exitCode) {
        err.println("racnn: " + line);
        if (stackTrace) {
            e.printStackTrace(err);
        }
        err.flush();
        return exitCode;
    }

    /** Answers {@code --version}. */
    static final class BuildVersion implements IVersionProvider {
        BuildVersion() {}

        @Override
        public String[] getVersion() {
            return new String[] {"racnn " + Version.current()};
        }
    }
}
