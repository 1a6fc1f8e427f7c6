package dev.racnn.adaptive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.CurvedModel;
import dev.racnn.attack.Examples;
import dev.racnn.attack.JournalPlace;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.evaluation.TinyBundle;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.model.FunctionClassifier;
import dev.racnn.racnn.WhiteBox;
import dev.racnn.retrieval.EngineFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdaptiveSuiteTest {
    private static final Map<String, String> SHORT =
            Map.of("steps", "4", "targets", "1", "plainSteps", "4", "restarts", "1", "queries", "10");
    private static final Examples EXAMPLES = Examples.of(TinyBundle.images(6, 9), 0, 6, Bounds.UNIT);

    @TempDir
    private static Path folder;

    private static TrainedRacnn racnn;
    private static WhiteBox box;

    @BeforeAll
    static void train() throws IOException {
        racnn = TrainedRacnn.make(folder);
        box = racnn.box();
    }

    @AfterAll
    static void close() throws IOException {
        racnn.close();
    }

    private static AttackRunner runner() {
        return new AttackRunner(box.classifier()).withGradients(new KnownRacnn(box));
    }

    private static AttackSequence named(String name, double epsilon, Map<String, String> settings) {
        return Attacks.named(Profile.MODERN, name).make(Norm.LINF, Optional.of(epsilon), settings);
    }

    @Test
    void the_suite_leaves_what_none_of_its_attacks_breaks_and_says_which_broke_what() throws IOException {
        SuiteResult all = named("adaptive-plus", 0.2, SHORT).run(runner(), EXAMPLES);
        assertThat(all.stages()).hasSizeGreaterThan(10);
        for (Outcome outcome : all.worstCase().outcomes()) {
            List<String> breakers = all.stages().stream()
                    .filter(stage -> within(stage, outcome.index()))
                    .map(SuiteResult.Stage::attack)
                    .toList();
            assertThat(outcome.success()).isEqualTo(!breakers.isEmpty());
            assertThat(all.brokenBy(outcome.index())).isEqualTo(outcome.msd() == 0 ? List.of() : breakers);
        }
        assertThat(all.stages().getFirst().attack()).isEqualTo("joint");
        assertThat(all.worstCase().cleanAccuracy()).isEqualTo(1);
        SuiteResult survivorsOnly = named("adaptive", 0.2, SHORT).run(runner(), EXAMPLES);
        assertThat(survivorsOnly.robustAccuracy()).isGreaterThanOrEqualTo(all.robustAccuracy());
        assertThat(survivorsOnly.stages().getFirst().attacked()).isEqualTo(6);
        assertThat(all.worstCase().gradientPath()).contains("candidates included");
    }

    /** Some look for the nearest point, which counts only within the budget. */
    private static boolean within(SuiteResult.Stage stage, int index) {
        return stage.result()
                .outcomes()
                .get(index)
                .within(new ThreatModel(Norm.LINF, 0.2))
                .success();
    }

    @Test
    void every_member_attacks_alone_and_goes_on_from_its_journal() throws IOException {
        for (Member member : Member.values()) {
            if (!member.knowing()) {
                continue;
            }
            AttackRunner kept = runner().withJournal(new JournalPlace(folder.resolve(member + ".jsonl"), ""));
            AttackSequence attack = named(member.toString(), 0.3, SHORT);
            SuiteResult first = attack.run(kept, EXAMPLES.at(0, 1, 2));
            SuiteResult again = attack.run(kept, EXAMPLES.at(0, 1, 2));
            assertThat(first.worstCase().attack()).isEqualTo(member.toString());
            assertThat(again.robustAccuracy()).isEqualTo(first.robustAccuracy());
            assertThat(folder.resolve(
                            member + ".jsonl." + first.stages().getFirst().attack()))
                    .exists();
        }
    }

    @Test
    void another_model_is_one_more_attack_and_a_random_retrieval_is_averaged_and_voted_on() throws IOException {
        KnownRacnn.Other baseline =
                new KnownRacnn.Other("baseline", racnn.bundle().withoutRetrieval());
        AttackRunner beside = runner().withGradients(new KnownRacnn(box, List.of(baseline)));
        SuiteResult transfers = named("transfer", 0.3, SHORT).run(beside, EXAMPLES.at(0, 1));
        assertThat(transfers.stages())
                .extracting(SuiteResult.Stage::attack)
                .contains("transfer-surrogate")
                .doesNotContain("transfer-none");
        SuiteResult all = new AdaptiveSuite(
                        "plus",
                        new ThreatModel(Norm.LINF, 1e-4),
                        AdaptiveSuite.Settings.STANDARD,
                        List.of(Member.TRANSFER),
                        true)
                .run(beside, EXAMPLES.at(0, 1));
        assertThat(all.stages())
                .extracting(SuiteResult.Stage::attack)
                .containsExactly("transfer-surrogate", "transfer-features", "transfer-baseline");
        try (CandidateSnapshot drawn =
                racnn.bundle().candidates(EngineFactory.parse("lsh:tables=8,bits=2,drawn=1"), 1)) {
            WhiteBox random = racnn.bundle().whiteBox(drawn, 3);
            AttackRunner voting = new AttackRunner(random.classifier()).withGradients(new KnownRacnn(random));
            SuiteResult voted = named("composite", 0.3, SHORT).run(voting, EXAMPLES.at(0, 1));
            assertThat(voted.worstCase().gradientPath()).contains("mean of 20 passes");
            assertThat(voted.worstCase().outcomes())
                    .allSatisfy(outcome -> assertThat(outcome.forwardQueries()).isGreaterThan(20));
        }
    }

    @Test
    void terms_are_told_apart_on_all_images() throws IOException {
        SuiteResult terms = named("terms", 0.2, SHORT).run(runner(), EXAMPLES);

        assertThat(named("adaptive", 0.2, SHORT).attacks())
                .containsAll(named("terms", 0.2, SHORT).attacks());
        // Four alone and six pairs.
        assertThat(terms.stages()).hasSize(10).allMatch(stage -> stage.attacked() == EXAMPLES.count());
        assertThat(terms.stages())
                .extracting(SuiteResult.Stage::attack)
                .contains("term-retrieved", "terms-surrogate-features");
        assertThat(terms.worstCase().outcomes().stream().filter(Outcome::success))
                .isNotEmpty()
                .allMatch(outcome -> !terms.brokenBy(outcome.index()).isEmpty());
    }

    @Test
    void square_begins_where_the_joint_attack_ends_and_a_remark_says_where_gradients_point() throws IOException {
        SuiteResult polished = named("polished", 0.3, SHORT).run(runner(), EXAMPLES.at(0, 1, 2));
        assertThat(polished.stages()).extracting(SuiteResult.Stage::attack).containsExactly("square-joint");
        assertThat(polished.stages().getFirst().result().zeroGradientShare()).isLessThan(0.5);
        assertThat(polished.worstCase().outcomes())
                .anySatisfy(outcome -> assertThat(outcome.gradientQueries()).isPositive());
        SuiteResult joint = named("joint", 0.3, SHORT).run(runner(), EXAMPLES.at(0, 1, 2));
        assertThat(polished.remarks()).isEmpty();
        assertThat(joint.remarks()).singleElement().asString().contains("cosine", "64 pairs");
    }

    @Test
    void members_that_know_a_racnn_say_so_to_others() {
        AttackRunner plain = new AttackRunner(CurvedModel.classifier());
        AttackKind joint = Attacks.named(Profile.MODERN, "joint");
        assertThatThrownBy(() -> joint.make(Norm.LINF, Optional.of(0.1)).run(plain, CurvedModel.examples(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("known from inside");
    }

    @Test
    void a_model_that_hides_its_gradients_comes_out_masked_and_broken() throws IOException {
        Classifier open = CurvedModel.classifier();
        Classifier hidden = FunctionClassifier.of(CurvedModel.CLASSES, (Tensor images) -> open.logits(images.detach()));
        AttackSequence suite = named("adaptive", 0.1, Map.of("queries", "2000", "plainSteps", "3", "restarts", "1"));
        SuiteResult result = suite.run(new AttackRunner(hidden), CurvedModel.examples(5));
        assertThat(result.masked()).isTrue();
        assertThat(result.robustAccuracy()).isZero();
        assertThat(result.flags()).anySatisfy(flag -> assertThat(flag.message()).contains("uses no gradients"));
    }
}
