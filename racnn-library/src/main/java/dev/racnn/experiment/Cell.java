package dev.racnn.experiment;

import dev.racnn.evaluation.Scenario;
import java.util.LinkedHashMap;
import java.util.Map;

/** The smallest piece of an experiment that is finished or not: some images, one model, and what is done to them. */
sealed interface Cell {
    /** The model. */
    ModelSheet model();

    /** Place of the first image, in the test set or in the sample. */
    int from();

    /** Place after the last image. */
    int to();

    /** Folder and name, without an ending, below that of all cells. */
    String path();

    /** What is done, for people. */
    String title();

    /** Everything that the result depends on, by name. */
    Map<String, String> heading(ExperimentPlan plan);

    /** Passes through a model that an image takes, about: what is known of the time before anything was measured. */
    double passes();

    /** How many images there are. */
    default int images() {
        return to() - from();
    }

    /** Unperturbed images of the test set, in its order. */
    record Clean(ModelSheet model, int from, int to) implements Cell {
        @Override
        public String path() {
            return "%s/clean/%s-%s".formatted(model.name(), from, to - 1);
        }

        @Override
        public String title() {
            return "clean images";
        }

        @Override
        public double passes() {
            return 0.5;
        }

        @Override
        public Map<String, String> heading(ExperimentPlan plan) {
            Map<String, String> heading = new LinkedHashMap<>();
            heading.put("model", model.identity());
            heading.put("test images", plan.testImages());
            putCriterion(heading, plan);
            return heading;
        }
    }

    /** Nothing for one answer: the first cells do not state it. */
    private static void putCriterion(Map<String, String> heading, ExperimentPlan plan) {
        if (plan.top() != 1) {
            heading.put("criterion", plan.criterion().name());
        }
    }

    /** Images of the sample under an attack. */
    record Attacked(ModelSheet model, AttackSheet attack, Scenario scenario, int from, int to) implements Cell {
        @Override
        public String path() {
            return "%s/%s-%s/%s-%s".formatted(model.name(), attack.key(), scenario.code(), from, to - 1);
        }

        @Override
        public String title() {
            return "%s, %s".formatted(attack.name(), scenario.title());
        }

        @Override
        public double passes() {
            return scenario == Scenario.TRANSFER ? 2 : attack.passes();
        }

        /** How far towards its number of images the attack is when this cell is done. */
        double share() {
            return (double) to / attack.images();
        }

        /** Whether it is done once for all models around one phi', or costs next to nothing. */
        boolean isShared() {
            return model.surrogate() == null || scenario == Scenario.TRANSFER;
        }

        @Override
        public Map<String, String> heading(ExperimentPlan plan) {
            Map<String, String> heading = new LinkedHashMap<>();
            heading.put("model", model.identity());
            if (scenario != Scenario.DIRECT) {
                plan.models().stream()
                        .filter(other -> other.name().equals(model.surrogate()))
                        .forEach(surrogate -> heading.put("surrogate", surrogate.identity()));
            }
            if (scenario == Scenario.WHITE_BOX) {
                plan.withoutRetrieval().forEach(other -> heading.put("beside it " + other.name(), other.identity()));
            }
            heading.put("attack", attack.key() + " " + attack.changes());
            heading.put("seed", Long.toString(plan.seed()));
            heading.put("test images", plan.testImages());
            heading.put("sample", plan.sample());
            putCriterion(heading, plan);
            return heading;
        }
    }
}
