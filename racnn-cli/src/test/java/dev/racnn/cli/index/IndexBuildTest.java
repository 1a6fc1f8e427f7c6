package dev.racnn.cli.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.candidates.CandidateSet;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.cli.CommandRun;
import dev.racnn.racnn.BundleDescription;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexBuildTest {
    /** The RaCNN that ships with the project. */
    private static final Path TRAINED = Path.of("../models/cifar10-racnn-k10-mixup");

    @TempDir
    Path folder;

    private Path bundle;

    @BeforeEach
    void copyBundleAndMakeImages() throws IOException {
        bundle = Files.createDirectory(folder.resolve("bundle"));
        for (String file : List.of("bundle.json", "weights.safetensors")) {
            Files.copy(TRAINED.resolve(file), bundle.resolve(file));
        }
        List<String> classes = BundleDescription.read(bundle).classNames();
        for (int i = 0; i < classes.size(); i++) {
            BufferedImage picture = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
            picture.setRGB(i, i, 0xFF8000 + i);
            for (String part : List.of("train", "test")) {
                Path image = folder.resolve("images/%s/%s/%d.png".formatted(part, classes.get(i), i));
                Files.createDirectories(image.getParent());
                ImageIO.write(picture, "png", image.toFile());
            }
        }
    }

    @Test
    void removed_images_come_back_only_where_that_is_asked_for() throws IOException {
        assertThat(build("--data", "folder:" + folder.resolve("images")).err()).doesNotContain("racnn: ");
        assertThat(CommandRun.of("index", "remove", "--model", bundle.toString(), "3", "4")
                        .exitCode())
                .isZero();

        CommandRun refused = build("--data", "folder:" + folder.resolve("images"));
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("generation 1, less 2 candidates, plus 0 added or changed since")
                .contains("add --replace if that is meant")
                .hasLineCount(1);
        assertThat(CommandRun.of("index", "info", "--model", bundle.toString()).out())
                .contains("candidates     8:");

        CommandRun replaced = build("--data", "folder:" + folder.resolve("images"), "--replace");
        assertThat(replaced.exitCode()).as(replaced.err()).isZero();
        assertThat(replaced.out()).contains("dropped generation 1, less 2 candidates", "10 candidates in");
        assertThat(CandidateSet.open(bundle.resolve("candidates")).size()).isEqualTo(10);
        assertThat(build("--data", "folder:" + folder.resolve("images")).err())
                .as("a set that was built twice")
                .contains("generation 2, less 0");
    }

    @Test
    void an_engine_is_built_made_the_default_and_answers() throws IOException {
        BundleDescription.read(bundle).withEngine("exact").write(bundle);
        CommandRun built = build("--data", "folder:" + folder.resolve("images"), "--engine", "auto", "--default");
        assertThat(built.exitCode()).as(built.err()).isZero();
        assertThat(built.out()).contains("index of exact, chosen by auto", "is auto, and was exact");
        assertThat(BundleDescription.read(bundle).engine()).isEqualTo("auto");
        assertThat(CommandRun.of("index", "info", "--model", bundle.toString()).out())
                .contains("engine         exact, chosen by auto");

        String image = folder.resolve("images/train/bird/2.png").toString();
        CommandRun graph =
                CommandRun.of("classify", "--model", bundle.toString(), "--engine", "hnsw", "-k", "3", "--json", image);
        CommandRun own = CommandRun.of("classify", "--model", bundle.toString(), "-k", "3", "--json", image);
        assertThat(graph.exitCode()).as(graph.err()).isZero();
        assertThat(graph.out()).isEqualTo(own.out());
        CommandRun attacked = CommandRun.of(
                "attack",
                "--model",
                bundle.toString(),
                "--engine",
                "hsnw",
                "--data",
                "bundled",
                "--attack",
                "fgsm",
                "--json",
                folder.resolve("a.json").toString());
        assertThat(attacked.exitCode()).isEqualTo(2);
        assertThat(attacked.err()).contains("did you mean 'hnsw'?");
    }

    @Test
    void parts_that_are_joined_are_the_set_that_one_process_makes() throws IOException {
        String images = "folder:" + folder.resolve("images");
        Path share = folder.resolve("share");
        assertThat(build("--data", images).exitCode()).isZero();
        String whole = content(bundle.resolve("candidates"));

        CommandRun alone = build("--data", images, "--part", "1/1", "--out", share.toString());
        assertThat(alone.out()).as(alone.err()).contains("10 of 10 candidates in " + share);
        CommandRun merged = CommandRun.of("index", "merge", "--model", bundle.toString(), share.toString());
        assertThat(merged.exitCode()).as(merged.err()).isZero();
        assertThat(content(bundle.resolve("candidates"))).isEqualTo(whole);

        CommandRun empty = build(
                "--data",
                images,
                "--part",
                "1/2",
                "--out",
                folder.resolve("half").toString());
        assertThat(empty.exitCode()).isEqualTo(1);
        assertThat(empty.err()).contains("part 1/2 of 10 candidates is empty");
        assertThat(build("--part", "1/2").err()).contains("--part, --out and --data belong together");
        CommandRun none = CommandRun.of("index", "merge", "--model", bundle.toString(), folder.toString());
        assertThat(none.err())
                .contains("holds no finished part", "racnn index build --part")
                .hasLineCount(1);
    }

    /** Checksum of a candidate set. */
    private static String content(Path set) throws IOException {
        try (CandidateSnapshot opened = CandidateSnapshot.open(set)) {
            return opened.fingerprint();
        }
    }

    private CommandRun build(String... arguments) {
        String[] line = new String[arguments.length + 4];
        System.arraycopy(new String[] {"index", "build", "--model", bundle.toString()}, 0, line, 0, 4);
        System.arraycopy(arguments, 0, line, 4, arguments.length);
        return CommandRun.of(line);
    }
}
