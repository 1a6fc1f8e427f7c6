package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.modern.DeepFool;
import dev.racnn.attack.paper.Fgsm;
import dev.racnn.model.FunctionClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a journal keeps, and which runs may go on with it. */
class JournalTest {
    private static final Fgsm FGSM = new Fgsm(Fgsm.Settings.PAPER);
    private static final Examples IMAGES = LinearModel.grey(0.3, 0.4);

    @TempDir
    Path folder;

    /** Wrong by more than a margin. */
    private record Beyond(double margin) implements Criterion {
        @Override
        public String name() {
            return "beyond";
        }

        @Override
        public boolean isAdversarial(float[] logits, int label, int index) {
            return Math.max(logits[(label + 1) % 3], logits[(label + 2) % 3]) > logits[label] + margin;
        }
    }

    private AttackRunner runner() {
        return new AttackRunner(LinearModel.threshold(0.5))
                .withJournal(new JournalPlace(folder.resolve("journal.jsonl"), "greys"));
    }

    @Test
    void different_attacks_have_different_headings() {
        Set<Attack> attacks = new HashSet<>();
        for (AttackKind kind : Attacks.all()) {
            Optional<Double> epsilon = kind.needsBudget() ? Optional.of(0.5) : Optional.empty();
            List<Norm> norms = kind.norms().isEmpty() ? List.of(Norm.L2) : kind.norms();
            norms.forEach(norm -> attacks.addAll(
                    kind.isSuite() ? List.of() : kind.make(norm, epsilon).attacks()));
        }
        assertThat(attacks).hasSizeGreaterThan(35);
        assertThat(attacks).extracting(runner()::heading).doesNotHaveDuplicates();
    }

    @Test
    void a_journal_of_another_norm_is_refused() throws IOException {
        runner().run(new DeepFool(Norm.L2, DeepFool.Settings.MODERN), IMAGES);
        assertThatThrownBy(() -> runner().run(new DeepFool(Norm.LINF, DeepFool.Settings.MODERN), IMAGES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be of the attack 'deepfool DeepFool[norm=LINF")
                .hasMessageContaining("but is of 'deepfool DeepFool[norm=L2");
    }

    @Test
    void a_journal_of_another_target_is_refused() throws IOException {
        runner().withCriterion(Criterion.targeted((_, _) -> 1)).run(FGSM, IMAGES);
        assertThat(runner().withCriterion(Criterion.targeted((_, _) -> 1))
                        .run(FGSM, IMAGES)
                        .outcomes())
                .hasSize(2);
        assertThatThrownBy(() -> runner().withCriterion(Criterion.targeted((_, index) -> 1 + index))
                        .run(FGSM, IMAGES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("example 1 must be class 2, but the journal attacked it towards class 1");
    }

    @Test
    void a_journal_of_a_criterion_with_another_parameter_is_refused() throws IOException {
        runner().withCriterion(new Beyond(0.01)).run(FGSM, IMAGES);
        assertThatThrownBy(() -> runner().withCriterion(new Beyond(0.02)).run(FGSM, IMAGES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("margin=0.01")
                .hasMessageContaining("margin=0.02");
    }

    @Test
    void a_run_that_dies_in_its_first_64_examples_keeps_those_before_and_ends_like_any_other() throws IOException {
        Examples images = LinearModel.grey(
                IntStream.range(0, 40).mapToDouble(i -> 0.3 + 0.00401 * i).toArray());
        float deadly = images.images()[20][0];
        AtomicBoolean armed = new AtomicBoolean(false);
        AtomicBoolean askedAgain = new AtomicBoolean(false);
        FunctionClassifier mortal = FunctionClassifier.of(3, pixels -> {
            if (armed.get() && holds(pixels, deadly)) {
                throw new IllegalStateException("killed");
            }
            if (holds(pixels, images.images()[0][0])) {
                askedAgain.set(true);
            }
            return LinearModel.logits(pixels, 0.5);
        });
        AttackRunner runner = new AttackRunner(mortal);
        List<Outcome> together = runner.run(FGSM, images).outcomes();
        List<Outcome> whole = runner.withJournal(new JournalPlace(folder.resolve("whole.jsonl"), "greys"))
                .run(FGSM, images)
                .outcomes();
        assertThat(whole)
                .extracting(Outcome::msd)
                .containsExactlyElementsOf(together.stream().map(Outcome::msd).toList());

        Path file = folder.resolve("killed.jsonl");
        AttackRunner journalled = runner.withJournal(new JournalPlace(file, "greys"));
        armed.set(true);
        assertThatThrownBy(() -> journalled.run(FGSM, images)).hasMessage("killed");
        assertThat(Files.readAllLines(file)).hasSize(1 + 16);

        armed.set(false);
        askedAgain.set(false);
        assertThat(journalled.run(FGSM, images).outcomes())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyElementsOf(whole);
        assertThat(askedAgain).isFalse();
    }

    @Test
    void results_of_an_image_are_not_taken_for_those_of_another_in_its_place() throws IOException {
        Examples three = LinearModel.grey(0.3, 0.4, 0.45);
        List<Outcome> whole = runner().run(FGSM, three).outcomes();
        assertThatThrownBy(() -> runner().run(FGSM, LinearModel.grey(0.3, 0.45)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("image 1 of the data is another one");
        int[] otherLabel = {0, 0, 1};
        Examples relabelled = new Examples(three.size(), three.images(), otherLabel, three.indices());
        assertThatThrownBy(() -> runner().run(FGSM, relabelled))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("image 2 of the data is another one, or has another label");

        // Fewer of the same, or more, or in another order, are the same images.
        assertThat(runner().run(FGSM, three.at(1)).outcomes())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(whole.get(1));
        Examples more = LinearModel.grey(0.3, 0.4, 0.45, 0.2).at(3, 2, 1, 0);
        assertThat(runner().run(FGSM, more).outcomes())
                .extracting(Outcome::index)
                .containsExactly(3, 2, 1, 0);
    }

    @Test
    void a_second_writer_is_refused_and_the_first_goes_on() throws IOException {
        AtomicBoolean refused = new AtomicBoolean(false);
        FunctionClassifier model = FunctionClassifier.of(3, pixels -> {
            if (!refused.getAndSet(true)) {
                assertThatThrownBy(() -> runner().run(FGSM, IMAGES))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("another run is writing to this journal");
            }
            return LinearModel.logits(pixels, 0.5);
        });
        AttackRunner first =
                new AttackRunner(model).withJournal(new JournalPlace(folder.resolve("journal.jsonl"), "greys"));
        assertThat(first.run(FGSM, IMAGES).outcomes()).hasSize(2);
        assertThat(refused).isTrue();
        assertThat(Files.readAllLines(folder.resolve("journal.jsonl"))).hasSize(3);
        assertThat(runner().run(FGSM, IMAGES).outcomes()).hasSize(2);
    }

    @Test
    void a_damaged_line_is_named_and_what_is_no_journal_stays_as_it_is() throws IOException {
        Path file = folder.resolve("journal.jsonl");
        runner().run(FGSM, IMAGES);
        List<String> lines = Files.readAllLines(file);
        for (String damage : List.of(
                "",
                "5",
                "{}",
                lines.getFirst(),
                lines.get(1).substring(9),
                lines.get(1).replace("adversarial\":\"", "adversarial\":\"?"))) {
            Files.write(file, List.of(lines.getFirst(), damage, lines.get(2)));
            assertThatThrownBy(() -> runner().run(FGSM, IMAGES))
                    .describedAs(damage)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("line 2: not a line of a journal")
                    .hasMessageContaining("delete the line");
        }
        Files.write(file, List.of(lines.getFirst(), lines.get(2)));
        assertThat(runner().run(FGSM, IMAGES).outcomes()).hasSize(2);

        for (String foreign : List.of("half a note", "a note\nwithout end", "{\"attack\": \"fgs", "[]\n")) {
            Files.writeString(file, foreign);
            assertThatThrownBy(() -> runner().run(FGSM, IMAGES)).isInstanceOf(IOException.class);
            assertThat(file).hasContent(foreign);
        }
        String heading = lines.getFirst();
        Files.writeString(file, heading.substring(0, heading.length() / 2));
        assertThat(runner().run(FGSM, IMAGES).outcomes()).hasSize(2);
    }

    private static boolean holds(Tensor pixels, float value) {
        return pixels.eq(new Scalar((double) value)).any().item_bool();
    }
}
