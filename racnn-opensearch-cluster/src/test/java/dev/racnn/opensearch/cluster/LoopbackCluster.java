package dev.racnn.opensearch.cluster;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Three nodes, each a process, on the loopback interface. */
final class LoopbackCluster implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int firstPort;
    private final List<Process> nodes = new ArrayList<>();

    private LoopbackCluster(int firstPort) {
        this.firstPort = firstPort;
    }

    /** Starts the nodes and waits until they have found each other. */
    static LoopbackCluster start(Path folder) throws IOException, InterruptedException {
        LoopbackCluster cluster = new LoopbackCluster(freePorts());
        for (int number = 0; number < ClusterNode.NODES; number++) {
            Path home = folder.resolve(ClusterNode.name(number));
            Files.createDirectories(home.resolve("config"));
            cluster.nodes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xms768m",
                            "-Xmx768m",
                            "-XX:+UseSerialGC",
                            "--add-modules",
                            "jdk.incubator.vector",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path") + File.pathSeparator
                                    + System.getProperty("racnn.cluster.plugin") + File.separator + "*",
                            ClusterNode.class.getName(),
                            home.toString(),
                            Integer.toString(number),
                            Integer.toString(cluster.firstPort))
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("output.txt").toFile())
                    .start());
        }
        cluster.await("number_of_nodes\":" + ClusterNode.NODES, START);
        return cluster;
    }

    List<URI> uris() {
        return IntStream.range(0, ClusterNode.NODES).mapToObj(this::uri).toList();
    }

    /** Kills the node that manages the cluster with SIGKILL: the one whose loss costs most. */
    void killManager() throws IOException, InterruptedException {
        String name = get(uri(0), "/_cat/cluster_manager?h=node").strip();
        Process manager = nodes.get(Integer.parseInt(name.substring(name.indexOf('-') + 1)));
        manager.destroyForcibly();
        manager.waitFor();
    }

    /** Waits until the health that some node tells contains a text. */
    void await(String health, Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        String last = "";
        while (System.nanoTime() < end) {
            for (URI uri : uris()) {
                try {
                    last = get(uri, "/_cluster/health");
                } catch (IOException e) {
                    last = String.valueOf(e);
                }
                if (last.contains(health)) {
                    return;
                }
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
        throw new IOException("the cluster's health does not become %s within %s: %s".formatted(health, limit, last));
    }

    @Override
    public void close() {
        nodes.forEach(Process::destroyForcibly);
        http.close();
    }

    private URI uri(int number) {
        return URI.create("http://127.0.0.1:" + (firstPort + number));
    }

    private String get(URI node, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(node.resolve(path))
                .timeout(Duration.ofSeconds(5))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** The first of a run of ports that were free just now, one for HTTP and one for the other nodes each. */
    private static int freePorts() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Math.min(socket.getLocalPort(), 65_535 - 2 * ClusterNode.NODES);
        }
    }
}
