package dev.racnn.experiment;

import dev.racnn.evaluation.PublishedAccuracy;
import dev.racnn.evaluation.Scenario;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An experiment as its file states it: what is compared, under which attacks, and with which numbers of the paper.
 *
 * @param title what is asked, for reports
 * @param disjointHalves whether D is every other training image and D' the others, instead of what the data have
 * @param seed of the attacks, and of the drawing of the attacked images
 * @param top an image counts as right if its label is among so many largest logits, at least 1
 * @param gallery how many images of each RaCNN and attack to show with their neighbours, at least 0
 * @param models in the order of the tables, with different names
 * @param attacks in the order of the tables, each once
 * @param published what the paper states of these models
 */
public record Experiment(
        String title,
        boolean disjointHalves,
        long seed,
        int top,
        int gallery,
        List<ModelEntry> models,
        List<AttackEntry> attacks,
        List<PublishedAccuracy> published) {
    public Experiment {
        models = List.copyOf(models);
        attacks = List.copyOf(attacks);
        published = List.copyOf(published);
        if (models.isEmpty() || attacks.isEmpty()) {
            throw new IllegalArgumentException("an experiment must have models and attacks, but has %s and %s"
                    .formatted(models.size(), attacks.size()));
        }
        if (top < 1) {
            throw new IllegalArgumentException("top must be at least 1, but is " + top);
        }
        if (gallery < 0) {
            throw new IllegalArgumentException("gallery must be at least 0, but is " + gallery);
        }
        requireDifferent("models", models.stream().map(ModelEntry::name).toList());
        requireDifferent("attacks", attacks.stream().map(AttackEntry::key).toList());
        List<String> known = models.stream().map(ModelEntry::name).toList();
        for (int i = 0; i < models.size(); i++) {
            ModelEntry model = models.get(i);
            List<ModelEntry> above = models.subList(0, i);
            // Only bundles have networks to lend, and only what is opened and looks up neighbours can be known instead.
            List<String> lenders = names(above, other -> !other.isTorchScript());
            List<String> attackers = names(above, other -> other.listed() && !other.isPlain());
            requireAbove("extractor", model, model.extractor(), lenders);
            requireAbove("baseline", model, model.baseline(), lenders);
            requireAbove("backbone", model, model.backbone(), lenders);
            requireAbove("attacker", model, model.attacker(), attackers);
        }
        models.stream().filter(ModelEntry::isPlain).forEach(ModelEntry::requireNothingOfNeighbours);
        boolean knowing = attacks.stream().anyMatch(attack -> attack.scenarios().contains(Scenario.WHITE_BOX));
        if (knowing && models.stream().anyMatch(ModelEntry::frozenNeighbours)) {
            throw new IllegalArgumentException(
                    "attacks in the scenario white-box are on neighbours that change, which frozenNeighbours rules"
                            + " out; make two experiments of it");
        }
        if (!knowing && models.stream().anyMatch(model -> model.attacker() != null)) {
            throw new IllegalArgumentException(
                    "attackers know a model from inside, but no attack is in the scenario white-box;"
                            + " add one, such as joint, or leave attacker out");
        }
        for (PublishedAccuracy number : published) {
            if (!known.contains(number.model())) {
                throw new IllegalArgumentException("the paper's numbers must be of the models %s, but some are of '%s'"
                        .formatted(known, number.model()));
            }
        }
    }

    /** The model of this name, which must be one of the experiment. */
    ModelEntry model(String name) {
        return models.stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(List<ModelEntry> models, Predicate<ModelEntry> which) {
        return models.stream().filter(which).map(ModelEntry::name).toList();
    }

    private static void requireAbove(String what, ModelEntry model, @Nullable String lender, List<String> above) {
        if (lender != null && !above.contains(lender)) {
            throw new IllegalArgumentException("%s of model '%s' must be the name of a model above it, %s, but is '%s'"
                    .formatted(what, model.name(), above, lender));
        }
    }

    private static void requireDifferent(String what, List<String> names) {
        Set<String> seen = new HashSet<>();
        names.stream().filter(name -> !seen.add(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException(
                    "%s must be named once each, but '%s' is named twice; change one of them".formatted(what, name));
        });
    }
}
