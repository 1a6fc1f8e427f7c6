package dev.racnn.cli.options;

import dev.racnn.attack.AttackRunner;
import dev.racnn.evaluation.Subjects;
import dev.racnn.tensor.Device;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** What reports say of the command that made them, and of the machine that it ran on. */
public final class CommandText {
    private CommandText() {}

    /** What was typed, to be repeated. */
    public static String of(CommandSpec spec) {
        return "./racnn "
                + String.join(
                        " ",
                        spec.root().commandLine().getParseResult().originalArgs().stream()
                                .map(CommandText::quoted)
                                .toList());
    }

    private static String quoted(String argument) {
        return argument.matches("[A-Za-z0-9_./:=,+-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    /**
     * What results may depend on besides the settings.
     *
     * @param batch images attacked together, where that is an option
     */
    public static Map<String, String> environment(ComputeOptions compute, int threads, int batch) {
        Map<String, String> environment = environment(compute, threads);
        // Attacks that keep a journal work on fewer images at a time than they are asked to.
        environment.put("batch", Integer.toString(AttackRunner.journalled(batch)));
        return environment;
    }

    /** What results may depend on besides the settings. */
    public static Map<String, String> environment(ComputeOptions compute, int threads) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("threads", Integer.toString(threads));
        environment.put("device", Device.current().toString());
        environment.put("precision", compute.precisionOfAttacks() + ", attacks search in " + Subjects.SEARCHED_IN);
        environment.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        environment.put("system", System.getProperty("os.name") + ", " + System.getProperty("os.arch"));
        environment.put("Java", Runtime.version().toString());
        return environment;
    }
}
