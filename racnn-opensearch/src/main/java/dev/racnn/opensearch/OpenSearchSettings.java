package dev.racnn.opensearch;

import dev.racnn.Spelling;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.retrieval.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The engine whose candidates are an index of a cluster: which cluster and index to use, how to build the index, and how
 * long to wait.
 *
 * @param nodes {@code http://host:port} or {@code https://host:port} of at least one node; several survive the loss of
 *     one
 * @param index name of the index
 * @param shards parts that the index is spread over, at least 1
 * @param replicas further copies of each shard, at least 0; each needs a node more
 * @param m neighbours that each candidate has in the HNSW graph, from 2 to 100
 * @param efConstruction candidates looked at when one is inserted into the graph, at least m
 * @param ef candidates looked at by a search in each shard, at least 1; more find more of the true neighbours
 * @param connectTimeout time for a connection to be made
 * @param answerTimeout time for an answer to one request
 * @param patience time in which a request is repeated while nodes are away or overloaded
 * @param credentials user and password, if the cluster asks for them
 * @param authority file of PEM certificates that sign those of the nodes, if the JVM does not know them
 */
public record OpenSearchSettings(
        List<URI> nodes,
        String index,
        int shards,
        int replicas,
        int m,
        int efConstruction,
        int ef,
        Duration connectTimeout,
        Duration answerTimeout,
        Duration patience,
        Optional<Credentials> credentials,
        Optional<Path> authority)
        implements EngineFactory {
    /** The name of the engine, which a specification begins with. */
    public static final String NAME = "opensearch";

    private static final String SCHEME = NAME + ":";

    private static final String INDEX = "racnn";

    /** The form of a specification, for help texts. */
    public static final String FORM = "opensearch:http://HOST:PORT[,HOST:PORT]...[/INDEX][?shards=3&replicas=1&m=16"
            + "&efConstruction=100&ef=100&connect=2s&answer=30s&patience=60s&authority=FILE]";

    /** Environment variables with the user and the password, which do not belong on a command line. */
    public static final String USER_VARIABLE = "OPENSEARCH_USER";

    public static final String PASSWORD_VARIABLE = "OPENSEARCH_PASSWORD";

    private static final int MOST_PORT = 65_535;

    private static final List<String> NAMES =
            List.of("shards", "replicas", "m", "efConstruction", "ef", "connect", "answer", "patience", "authority");

    public OpenSearchSettings {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("opensearch needs at least one node, such as http://127.0.0.1:9200");
        }
        for (URI node : nodes) {
            boolean usable = List.of("http", "https").contains(String.valueOf(node.getScheme()))
                    && node.getHost() != null
                    && node.getUserInfo() == null;
            if (!usable) {
                throw new IllegalArgumentException(
                        "an opensearch node must be http://HOST:PORT or https://HOST:PORT, but is %s; user and password are read from %s and %s"
                                .formatted(
                                        node.getHost() == null ? node : node.getHost(),
                                        USER_VARIABLE,
                                        PASSWORD_VARIABLE));
            }
            if (node.getPort() == 0 || node.getPort() > MOST_PORT) {
                throw new IllegalArgumentException("the port of an opensearch node must be from 1 to %s, but is %s"
                        .formatted(MOST_PORT, node.getPort()));
            }
        }
        if (!index.matches("[a-z0-9][a-z0-9._-]{0,199}")) {
            throw new IllegalArgumentException(
                    "the name of an opensearch index must be small letters, digits, '.', '_' and '-', but is '" + index
                            + "'");
        }
        checkRange("shards", shards, 1, 1024);
        checkRange("replicas", replicas, 0, 100);
        checkRange("m", m, 2, 100);
        checkRange("efConstruction", efConstruction, m, 10_000);
        checkRange("ef", ef, 1, 10_000);
        for (Duration time : List.of(connectTimeout, answerTimeout, patience)) {
            if (!time.isPositive()) {
                throw new IllegalArgumentException("times of opensearch must be above 0, but one is " + time);
            }
        }
    }

    /** Settings for an index on some nodes, with the defaults of {@link #FORM}, without user and password. */
    public static OpenSearchSettings of(List<URI> nodes, String index) {
        return new OpenSearchSettings(
                nodes,
                index,
                3,
                1,
                16,
                100,
                100,
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Reads a specification of the form {@link #FORM}.
     *
     * @param environment where the user and the password are looked up
     * @throws IllegalArgumentException if the specification is not of that form or a setting is out of range
     */
    public static OpenSearchSettings parse(String specification, Map<String, String> environment) {
        String rest = specification.startsWith(SCHEME) ? specification.substring(SCHEME.length()) : "";
        int hosts = rest.indexOf("://") + 3;
        if (hosts < 3) {
            throw new IllegalArgumentException(
                    "an opensearch engine must be given as %s, but is '%s'".formatted(FORM, specification));
        }
        int query = rest.indexOf('?', hosts);
        String place = query < 0 ? rest.substring(hosts) : rest.substring(hosts, query);
        int slash = place.indexOf('/');
        String scheme = rest.substring(0, hosts);
        List<URI> nodes = Arrays.stream((slash < 0 ? place : place.substring(0, slash)).split(",", -1))
                .map(host -> node(scheme + host))
                .toList();
        OpenSearchSettings plain = of(nodes, slash < 0 ? INDEX : place.substring(slash + 1));
        Map<String, String> values = query < 0 ? Map.of() : values(rest.substring(query + 1));
        return new OpenSearchSettings(
                plain.nodes,
                plain.index,
                number(values, "shards", plain.shards),
                number(values, "replicas", plain.replicas),
                number(values, "m", plain.m),
                number(values, "efConstruction", plain.efConstruction),
                number(values, "ef", plain.ef),
                seconds(values, "connect", plain.connectTimeout),
                seconds(values, "answer", plain.answerTimeout),
                seconds(values, "patience", plain.patience),
                Optional.ofNullable(environment.get(USER_VARIABLE))
                        .map(user -> new Credentials(user, environment.getOrDefault(PASSWORD_VARIABLE, ""))),
                Optional.ofNullable(values.get("authority")).map(Path::of));
    }

    @Override
    public boolean holdsKeys() {
        return true;
    }

    @Override
    public OpenSearchEngine build(Keys keys, int threads) {
        try {
            return OpenSearchEngine.open(this, keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** In the form {@link #FORM}, without what is the default. */
    @Override
    public String toString() {
        Map<String, String> defaults = of(nodes, index).values();
        String settings = values().entrySet().stream()
                .filter(setting -> !setting.getValue().equals(defaults.get(setting.getKey())))
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining("&"));
        String hosts = nodes.stream().map(URI::getRawAuthority).collect(Collectors.joining(","));
        return SCHEME
                + nodes.getFirst().getScheme()
                + "://"
                + hosts
                + (index.equals(INDEX) ? "" : "/" + index)
                + (settings.isEmpty() ? "" : "?" + settings);
    }

    private Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("shards", Integer.toString(shards));
        values.put("replicas", Integer.toString(replicas));
        values.put("m", Integer.toString(m));
        values.put("efConstruction", Integer.toString(efConstruction));
        values.put("ef", Integer.toString(ef));
        values.put("connect", connectTimeout.toSeconds() + "s");
        values.put("answer", answerTimeout.toSeconds() + "s");
        values.put("patience", patience.toSeconds() + "s");
        authority.ifPresent(file -> values.put("authority", file.toString()));
        return values;
    }

    private static URI node(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "an opensearch node must be http://HOST:PORT or https://HOST:PORT, but is '%s'".formatted(text), e);
        }
    }

    private static Map<String, String> values(String query) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("opensearch has no setting '%s'; did you mean '%s'?"
                        .formatted(name, Spelling.nearest(name, NAMES)));
            }
            if (values.put(name, equals < 0 ? "" : pair.substring(equals + 1)) != null) {
                throw new IllegalArgumentException(
                        "%s of opensearch must be given once, but is given twice; leave one of them out"
                                .formatted(name));
            }
        }
        return values;
    }

    private static int number(Map<String, String> values, String name, int otherwise) {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "%s of opensearch must be a whole number, but is '%s'".formatted(name, value), e);
        }
    }

    private static Duration seconds(Map<String, String> values, String name, Duration otherwise) {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.matches("[0-9]{1,6}s")) {
            throw new IllegalArgumentException(
                    "%s of opensearch must be a number of seconds such as 30s, but is '%s'".formatted(name, value));
        }
        return Duration.ofSeconds(Long.parseLong(value.substring(0, value.length() - 1)));
    }

    private static void checkRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s of opensearch must be from %s to %s, but is %s".formatted(name, least, most, value));
        }
    }
}
