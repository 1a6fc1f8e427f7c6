package dev.racnn.cli.attack;

import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;

/** Ends the help of {@code attack} with a list of the attacks that there are. */
final class AttackHelp implements IModelTransformer {
    AttackHelp() {}

    @Override
    public CommandSpec transform(CommandSpec command) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Attacks of the paper profile; all look for the nearest point in MSD (squared L2), --epsilon is"
                + " optional:");
        Attacks.of(Profile.PAPER).forEach(kind -> lines.add("  " + kind.name()));
        lines.add("Attacks of the modern profile, with their norms:");
        Attacks.of(Profile.MODERN).forEach(kind -> lines.add(line(kind)));
        command.usageMessage().footer(lines.toArray(String[]::new));
        return command;
    }

    private static String line(AttackKind kind) {
        String norms = kind.norms().stream()
                .map(norm -> norm.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        String budget =
                norms.isEmpty() ? "no --norm, no --epsilon" : kind.needsBudget() ? "needs --epsilon" : "nearest point";
        return String.format(Locale.ROOT, "  %-16s %-12s %s", kind.name(), norms, budget);
    }
}
