package dev.racnn.cli.terminal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/**
 * Keeps what libraries log below a warning, such as the vector instructions that Lucene found, off standard error. The
 * Java platform makes one of these when something is logged for the first time, so commands that log nothing do
 * not wait for it.
 */
public final class WarningLog {
    private static final String SETTING = "java.util.logging.config.class";

    /** Called by the Java platform, see {@link LogManager}. */
    public WarningLog() throws IOException {
        String settings = """
            handlers=java.util.logging.ConsoleHandler
            .level=WARNING
            """;
        LogManager.getLogManager()
                .readConfiguration(new ByteArrayInputStream(settings.getBytes(StandardCharsets.UTF_8)));
    }

    /** Takes effect unless whoever starts java configures logging. */
    public static void use() {
        if (System.getProperty(SETTING) == null && System.getProperty("java.util.logging.config.file") == null) {
            System.setProperty(SETTING, WarningLog.class.getName());
        }
    }
}
