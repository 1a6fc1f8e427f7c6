package dev.racnn.adaptive;

import dev.racnn.attack.Norm;
import dev.racnn.attack.SettingsRecord;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.AttackSource;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.attack.catalogue.Strength;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The adaptive suite and each of its members, by name. */
public final class AdaptiveAttacks implements AttackSource {
    /** The suite. */
    public static final String SUITE = "adaptive";

    /** All members, each on all examples. */
    public static final String PLUS = "adaptive-plus";

    private static final List<Member> STANDARD = List.of(
            Member.JOINT,
            Member.TERMS,
            Member.MATCHING,
            Member.COMPOSITE,
            Member.FROZEN,
            Member.TRANSFER,
            Member.NEAREST,
            Member.GUIDES,
            Member.TWICE,
            Member.SQUARE,
            Member.POLISHED,
            Member.CHANCE);

    /** Not by name alone: their attacks have names of their own. */
    private static final Set<Member> NAMELESS = EnumSet.of(Member.SQUARE, Member.CHANCE);

    /** For the catalogue. */
    public AdaptiveAttacks() {}

    @Override
    public List<AttackKind> kinds() {
        List<AttackKind> kinds = new ArrayList<>();
        kinds.add(kind(SUITE, "adaptive suite", STANDARD, false));
        kinds.add(kind(PLUS, "adaptive suite, each attack on all images", List.of(Member.values()), true));
        for (Member member : Member.values()) {
            if (!NAMELESS.contains(member)) {
                // Terms alone are there to be told apart, so each of them gets all images.
                kinds.add(kind(member.toString(), member.title(), List.of(member), member == Member.TERMS));
            }
        }
        return kinds;
    }

    private static AttackKind kind(String name, String title, List<Member> members, boolean eachOnAll) {
        AttackKind.Maker maker = (budget, changes) -> new AdaptiveSuite(
                name, budget, SettingsRecord.change(AdaptiveSuite.Settings.STANDARD, changes), members, eachOnAll);
        boolean several =
                maker.make(new ThreatModel(Norm.LINF, 1), Map.of()).attacks().size() > 1;
        return new AttackKind(
                Profile.MODERN,
                name,
                title,
                Strength.ADAPTIVE,
                List.of(Norm.LINF, Norm.L2),
                true,
                true,
                several,
                maker);
    }
}
