package dev.racnn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher in a checkout of empty files, with a JDK and a Maven that only say how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final String FAKE_JAVA = """
        #!/bin/sh
        echo "java of $0"
        for argument in "$@"; do echo "[$argument]"; done
        echo "OPENBLAS_NUM_THREADS=$OPENBLAS_NUM_THREADS"
        echo "LC_ALL=${LC_ALL:-as it was}"
        """;
    private static final String FAKE_MAVEN = """
        #!/bin/sh
        gpu=; case " $* " in *" -Pgpu "*) gpu=-gpu ;; esac
        mkdir -p racnn-cli/target racnn-library/target
        touch racnn-cli/target/racnn-cli-1.jar racnn-library/target/racnn-1.jar libtorch$gpu.jar
        printf '%s' "$PWD/racnn-library/target/racnn-1.jar:$PWD/libtorch$gpu.jar" > racnn-cli/target/classpath$gpu.txt
        """;

    @TempDir
    Path folder;

    private Path root;
    private Path jdk;
    private Path maven;

    @BeforeEach
    void make_a_checkout() throws IOException {
        folder = folder.toRealPath();
        root = folder.resolve("a check out");
        Files.createDirectories(root.resolve("racnn-cli/src/main"));
        Files.createDirectories(root.resolve("racnn-library/src/main/java"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.writeString(root.resolve("racnn-library/src/main/java/A.java"), "");
        script("a check out/racnn", Files.readString(Path.of("../racnn")));
        jdk = jdk("a jdk", "25.0.3");
        maven = script("bin/mvn", FAKE_MAVEN);
        age();
    }

    @Test
    void arguments_reach_the_command_line_as_they_are() throws Exception {
        Started started = start(root, root.resolve("racnn"), "classify", "a b", "", "*");

        assertThat(started.exitCode).isZero();
        assertThat(started.out)
                .startsWith("java of " + jdk.resolve("bin/java"))
                .contains("[--enable-native-access=ALL-UNNAMED]", "[jdk.incubator.vector]", "OPENBLAS_NUM_THREADS=1")
                .contains("[" + root.resolve("racnn-cli/target/racnn-cli-1.jar") + ":"
                        + root.resolve("racnn-library/target/racnn-1.jar") + ":" + root.resolve("libtorch.jar") + "]")
                .contains("[dev.racnn.cli.Main]\n[classify]\n[a b]\n[]\n[*]\n");
    }

    @Test
    void names_of_files_are_read_as_utf8_unless_the_locale_has_a_character_set_of_its_own() throws Exception {
        for (String ascii : List.of("ANSI_X3.4-1968", "US-ASCII")) {
            script("bin/locale", "#!/bin/sh\n[ \"$1\" = charmap ] && echo " + ascii);
            assertThat(start(root, root.resolve("racnn")).out).contains("LC_ALL=C.UTF-8");
        }
        for (String own : List.of("echo UTF-8", "echo ISO-8859-15", "exit 1")) {
            script("bin/locale", "#!/bin/sh\n" + own);
            assertThat(start(root, root.resolve("racnn")).out).contains("LC_ALL=as it was");
        }
    }

    @Test
    void it_builds_when_a_source_is_newer_than_the_build_and_only_then() throws Exception {
        Path launcher = root.resolve("racnn");
        assertThat(start(root, launcher).err).startsWith("racnn: building").hasLineCount(1);
        assertThat(start(root, launcher).err).isEmpty();

        FileTime later = FileTime.from(Instant.now().plusSeconds(60));
        Files.setLastModifiedTime(root.resolve("racnn-library/src/main/java/A.java"), later);
        Started started = start(root, launcher);
        assertThat(started.err).startsWith("racnn: building").hasLineCount(1);
        assertThat(started.exitCode).isZero();
    }

    @Test
    void a_build_for_a_gpu_has_a_classpath_of_its_own_beside_the_other() throws Exception {
        Path launcher = root.resolve("racnn");
        start(root, launcher);
        Started gpu = start(root, launcher, "-Pgpu", "train", "-Pgpu");
        assertThat(gpu.err).startsWith("racnn: building for a GPU").hasLineCount(1);
        assertThat(gpu.out)
                .contains(root.resolve("libtorch-gpu.jar").toString(), "[dev.racnn.cli.Main]\n[train]\n[-Pgpu]\n")
                .doesNotContain(root.resolve("libtorch.jar").toString());

        Started both = start(root, launcher, "train");
        assertThat(both.err).isEmpty();
        assertThat(both.out).contains(root.resolve("libtorch.jar").toString()).doesNotContain("libtorch-gpu.jar");
        assertThat(start(root, launcher, "-Pgpu", "train").err).isEmpty();
    }

    @Test
    void a_package_that_cannot_be_read_is_named() throws Exception {
        start(root, root.resolve("racnn"));
        Files.delete(root.resolve("libtorch.jar"));
        Started started = start(root, root.resolve("racnn"));
        assertThat(started.exitCode).isOne();
        assertThat(started.err)
                .contains("racnn: " + root.resolve("libtorch.jar") + " cannot be read")
                .hasLineCount(1);
    }

    @Test
    void a_source_that_was_removed_counts_as_a_change() throws Exception {
        start(root, root.resolve("racnn"));
        Files.delete(root.resolve("racnn-library/src/main/java/A.java"));
        FileTime later = FileTime.from(Instant.now().plusSeconds(60));
        Files.setLastModifiedTime(root.resolve("racnn-library/src/main/java"), later);

        assertThat(start(root, root.resolve("racnn")).err).startsWith("racnn: building");
    }

    @Test
    void it_works_through_a_link_from_anywhere_and_after_the_checkout_was_moved() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), root.resolve("racnn"));
        assertThat(start(folder, link).out).contains("[dev.racnn.cli.Main]");

        Path moved = Files.move(root, folder.resolve("moved"));
        Started started = start(moved, Path.of("./racnn"));
        assertThat(started.err).startsWith("racnn: building");
        assertThat(started.out)
                .contains(moved.resolve("racnn-library/target/racnn-1.jar").toString());
    }

    @Test
    void a_jdk_that_is_too_old_is_passed_over() throws Exception {
        Path newer = jdk;
        Files.createSymbolicLink(folder.resolve("bin/java"), newer.resolve("bin/java"));
        jdk = jdk("an old jdk", "17.0.15");

        assertThat(start(root, root.resolve("racnn")).out).startsWith("java of " + newer.resolve("bin/java"));
    }

    @Test
    void a_failed_build_is_told_with_the_lines_that_matter() throws Exception {
        script("bin/mvn", """
            #!/bin/sh
            echo '[INFO] Scanning for projects...'
            echo '[ERROR] /x/A.java:[3,7] cannot find symbol'
            echo '[ERROR] Re-run Maven using the -X switch'
            exit 1
            """);

        Started started = start(root, root.resolve("racnn"));
        assertThat(started.exitCode).isEqualTo(1);
        assertThat(started.out).isEmpty();
        assertThat(started.err.lines())
                .hasSize(3)
                .contains("[ERROR] /x/A.java:[3,7] cannot find symbol")
                .last()
                .asString()
                .startsWith("racnn: the build failed")
                .endsWith("build.log");
    }

    @Test
    void without_maven_one_line_says_so() throws Exception {
        Files.delete(maven);
        for (String tool : List.of("readlink", "find", "head", "mkdir")) {
            String real = (Files.exists(Path.of("/usr/bin", tool)) ? "/usr/bin/" : "/bin/") + tool;
            script("bin/" + tool, "#!/bin/sh\nexec " + real + " \"$@\"\n");
        }
        Started started = start(folder.resolve("bin").toString(), root, root.resolve("racnn"));

        assertThat(started.exitCode).isEqualTo(1);
        assertThat(started.err)
                .startsWith("racnn: Maven 3.8 or newer is needed")
                .hasLineCount(1);
    }

    private record Started(int exitCode, String out, String err) {}

    private Started start(Path directory, Path launcher, String... arguments) throws Exception {
        return start(folder.resolve("bin") + ":/usr/bin:/bin", directory, launcher, arguments);
    }

    private Started start(String path, Path directory, Path launcher, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", path, "HOME", folder.toString(), "JAVA_HOME", jdk.toString()));
        int exitCode = builder.start().waitFor();
        return new Started(exitCode, Files.readString(out), Files.readString(err));
    }

    private Path jdk(String name, String version) throws IOException {
        script(name + "/bin/java", FAKE_JAVA);
        script(name + "/bin/javac", "#!/bin/sh\n");
        Path home = folder.resolve(name);
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private Path script(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    /** Makes the sources older than a build can be, whatever the resolution of the file system's clock. */
    private void age() throws IOException {
        FileTime past = FileTime.from(Instant.now().minusSeconds(3600));
        try (var files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, past);
            }
        }
    }
}
