package dev.racnn.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.racnn.retrieval.EngineFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenSearchSettingsTest {
    @Test
    void a_specification_names_nodes_index_and_settings() {
        OpenSearchSettings settings = OpenSearchSettings.parse(
                "opensearch:https://a.example:9200,b.example:9201/keys-7"
                        + "?shards=6&replicas=2&m=32&efConstruction=200&ef=50&connect=1s&answer=5s&patience=90s"
                        + "&authority=ca.pem",
                Map.of("OPENSEARCH_USER", "me", "OPENSEARCH_PASSWORD", "secret"));
        assertThat(settings)
                .isEqualTo(new OpenSearchSettings(
                        List.of(URI.create("https://a.example:9200"), URI.create("https://b.example:9201")),
                        "keys-7",
                        6,
                        2,
                        32,
                        200,
                        50,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(90),
                        Optional.of(new Credentials("me", "secret")),
                        Optional.of(Path.of("ca.pem"))));
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @Test
    void only_the_node_is_needed() {
        assertThat(OpenSearchSettings.parse("opensearch:http://127.0.0.1:9200", Map.of()))
                .isEqualTo(OpenSearchSettings.of(List.of(URI.create("http://127.0.0.1:9200")), "racnn"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "opensearch:http://127.0.0.1:9200",
                "opensearch:https://a.example:9200,b.example:9201/keys-7?shards=6&ef=50&patience=90s&authority=ca.pem"
            })
    void it_is_an_engine_that_texts_can_name(String text) {
        EngineFactory engine = EngineFactory.parse(text);
        assertThat(engine).isInstanceOf(OpenSearchSettings.class).hasToString(text);
        assertThat(engine.holdsKeys()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "opensearch, must be given as opensearch:http://HOST:PORT",
        "opensearch:127.0.0.1:9200, must be given as",
        "opensearch:ftp://a:1, must be http://HOST:PORT or https://HOST:PORT",
        "opensearch:http://u:p@a:1, user and password are read from OPENSEARCH_USER",
        "opensearch:http://a b:9200, 'must be http://HOST:PORT or https://HOST:PORT, but is ''http://a b:9200'''",
        "opensearch:http://a:99999, 'the port of an opensearch node must be from 1 to 65535, but is 99999'",
        "opensearch:http://a:1?m=8&m=16, 'm of opensearch must be given once'",
        "opensearch:http://a:1/Upper, small letters",
        "opensearch:http://a:1?shard=3, no setting 'shard'; did you mean 'shards'?",
        "opensearch:http://a:1?shards=x, 'shards of opensearch must be a whole number, but is ''x'''",
        "opensearch:http://a:1?shards=0, 'shards of opensearch must be from 1 to 1024, but is 0'",
        "opensearch:http://a:1?m=64&efConstruction=32, 'efConstruction of opensearch must be from 64 to 10000'",
        "opensearch:http://a:1?patience=5, must be a number of seconds such as 30s",
        "opensearch:http://a:1?connect=0s, must be above 0",
    })
    void a_wrong_specification_is_explained(String specification, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenSearchSettings.parse(specification, Map.of()))
                .withMessageContaining(reason);
    }
}
