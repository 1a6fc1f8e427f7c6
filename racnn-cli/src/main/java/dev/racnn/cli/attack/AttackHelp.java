package dev.racnn.cli.attack;

import dev.racnn.attack.modern.ModernProfile;
import dev.racnn.attack.paper.PaperProfile;
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
        PaperProfile.names().forEach(name -> lines.add("  " + name));
        lines.add("Attacks of the modern profile, with their norms:");
        ModernProfile.names().forEach(name -> lines.add(line(name, norms(name), ModernProfile.needsBudget(name))));
        AttackChoice.SUITES.keySet().forEach(name -> lines.add(line(name, "linf, l2", true)));
        command.usageMessage().footer(lines.toArray(String[]::new));
        return command;
    }

    private static String line(String name, String norms, boolean needsBudget) {
        String budget = norms.isEmpty() ? "no --norm, no --epsilon" : needsBudget ? "needs --epsilon" : "nearest point";
        return "  %-16s %-12s %s".formatted(name, norms, budget);
    }

    private static String norms(String name) {
        return ModernProfile.norms(name).stream()
                .map(norm -> norm.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
