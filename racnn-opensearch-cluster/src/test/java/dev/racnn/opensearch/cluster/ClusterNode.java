package dev.racnn.opensearch.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.node.NodeValidationException;
import org.opensearch.plugins.PluginInfo;

/** One node of a test cluster on the loopback interface: a process of its own that runs until it is killed. */
final class ClusterNode extends Node {
    static final int NODES = 3;

    private static final List<String> PLUGINS = List.of(
            "org.opensearch.transport.Netty4ModulePlugin",
            "org.opensearch.painless.PainlessModulePlugin",
            "org.opensearch.knn.plugin.KNNPlugin");

    private ClusterNode(Settings settings) {
        super(
                InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "node"),
                PLUGINS.stream().map(ClusterNode::plugin).toList(),
                false);
    }

    /** Arguments: the folder of the node's files, its number from 0, and the first of the ports of the cluster. */
    public static void main(String[] arguments) throws NodeValidationException, InterruptedException {
        Path home = Path.of(arguments[0]);
        int number = Integer.parseInt(arguments[1]);
        int firstPort = Integer.parseInt(arguments[2]);
        List<String> names =
                IntStream.range(0, NODES).mapToObj(ClusterNode::name).toList();
        List<String> addresses = IntStream.range(0, NODES)
                .mapToObj(node -> "127.0.0.1:" + (firstPort + NODES + node))
                .toList();
        @SuppressWarnings("resource") // lives until the process is killed
        Node node = new ClusterNode(Settings.builder()
                .put("path.home", home.toString())
                .put("node.name", name(number))
                .put("cluster.name", "racnn-test")
                .put("network.host", "127.0.0.1")
                .put("http.port", firstPort + number)
                .put("transport.port", firstPort + NODES + number)
                .put("discovery.type", "zen")
                .putList("discovery.seed_hosts", addresses)
                .putList("cluster.initial_cluster_manager_nodes", names)
                .put("transport.type", "netty4")
                .put("http.type", "netty4")
                .put("cluster.routing.allocation.disk.threshold_enabled", false)
                .build());
        node.start();
        Thread.currentThread().join();
    }

    static String name(int number) {
        return "node-" + number;
    }

    private static PluginInfo plugin(String className) {
        return new PluginInfo(
                className, "on the class path", "0", Version.CURRENT, "21", className, null, List.of(), false);
    }
}
