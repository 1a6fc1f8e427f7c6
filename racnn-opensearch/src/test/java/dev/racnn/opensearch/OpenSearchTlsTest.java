package dev.racnn.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenSearchTlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    @Test
    void a_node_is_trusted_by_the_certificate_of_its_authority_only()
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("node.p12");
        keytool(store, "-genkeypair", "-keyalg", "EC", "-dname", "CN=node", "-ext", "san=ip:127.0.0.1");
        Path certificate = folder.resolve("node.pem");
        keytool(store, "-exportcert", "-rfc", "-file", certificate.toString());
        StandInIndex index = StandInIndex.holding(new double[] {1, 2});
        try (StandInNode node = StandInNode.startTls(identity(store), index)) {
            try (OpenSearchEngine engine = OpenSearchEngine.open(settings(node.uri(), certificate))) {
                assertThat(engine.search(new float[] {1, 2}, 1).id(0, 0)).isZero();
            }
            assertThatThrownBy(() -> OpenSearchEngine.open(OpenSearchSettings.of(List.of(node.uri()), "racnn")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no secure connection")
                    .hasMessageContaining("authority");
            Path wrong = Files.writeString(folder.resolve("wrong.pem"), "not a certificate");
            assertThatThrownBy(() -> OpenSearchEngine.open(settings(node.uri(), wrong)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("wrong.pem must hold PEM certificates");
        }
    }

    private static OpenSearchSettings settings(URI node, Path authority) {
        return OpenSearchSettings.parse("opensearch:%s?authority=%s".formatted(node, authority), Map.of());
    }

    private static SSLContext identity(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(Path store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "node", "-keystore", store.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
