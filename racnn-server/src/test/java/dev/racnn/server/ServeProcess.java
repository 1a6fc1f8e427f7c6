package dev.racnn.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A service in a process of its own, to be killed.
 *
 * @param process that serves
 * @param address where
 */
record ServeProcess(Process process, URI address) implements AutoCloseable {
    /** Starts to serve a bundle. */
    static ServeProcess start(Path bundle) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-Dorg.bytedeco.javacpp.maxbytes=0",
                        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServeProcess.class.getName(),
                        bundle.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        return new ServeProcess(process, URI.create("http://127.0.0.1:" + out.readLine()));
    }

    /** Serves until it is killed, or whoever started it is gone. */
    public static void main(String[] args) throws Exception {
        System.out.println(RunningServer.start(Path.of(args[0]), null, RunningServer.SETTINGS)
                .address()
                .getPort());
        System.exit(System.in.read());
    }

    /** Memory that it has, in MB; 0 where the system does not say. */
    long megabytes() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        return !Files.isReadable(status)
                ? 0
                : Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                        .sum();
    }

    /** Kills it, as {@code kill -9} does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
