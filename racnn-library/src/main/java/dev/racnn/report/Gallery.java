package dev.racnn.report;

import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.GalleryExample;
import dev.racnn.evaluation.GalleryNeighbour;
import dev.racnn.evaluation.GalleryRow;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.Thumbnail;
import java.util.Locale;

/** Queries and their neighbours before and after an attack (Figure 4), as HTML. */
final class Gallery {
    private final Evaluation evaluation;

    Gallery(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    String html(ModelEvaluation model) {
        StringBuilder html = new StringBuilder();
        for (GalleryExample example : model.gallery()) {
            html.append(
                    "<figure class=\"retrieval\"><figcaption>Test image %s, <b>%s</b>. %s, %s: MSD %s, L2 %s.</figcaption>%n"
                            .formatted(
                                    example.index(),
                                    name(example.label()),
                                    Html.escape(Attacks.title(example.attack())),
                                    example.scenario().title(),
                                    Numbers.scientific(example.msd()),
                                    Numbers.plain(example.l2())));
            row(html, "clean", example.clean(), example.label());
            row(html, "adversarial", example.adversarial(), example.label());
            html.append("</figure>\n");
        }
        return html.toString();
    }

    private void row(StringBuilder html, String kind, GalleryRow row, int label) {
        html.append(
                "<div class=\"row\"><div class=\"query %s\">%s<span>%s query</span><span class=\"verdict\">%s %s %s&nbsp;%%</span></div><ol>%n"
                        .formatted(
                                row.prediction() == label ? "same" : "other",
                                image(row.query(), kind + " query, a " + name(label)),
                                kind,
                                row.prediction() == label ? "→" : "✗",
                                name(row.prediction()),
                                Numbers.percent(row.probability())));
        for (GalleryNeighbour neighbour : row.neighbours()) {
            boolean same = neighbour.label() == label;
            html.append(String.format(
                    Locale.ROOT,
                    "<li class=\"%s\" title=\"candidate %d, squared distance %.4g\">%s<span>%s%s</span><span"
                            + " class=\"weight\"><i style=\"width:%.0f%%\"></i>%.2f</span></li>%n",
                    same ? "same" : "other",
                    neighbour.id(),
                    neighbour.squaredDistance(),
                    image(neighbour.image(), "neighbour, a " + name(neighbour.label())),
                    same ? "" : "✗ ",
                    name(neighbour.label()),
                    100 * neighbour.weight(),
                    neighbour.weight()));
        }
        html.append("</ol></div>\n");
    }

    private String name(int label) {
        return Html.escape(evaluation.classNames().get(label));
    }

    private static String image(Thumbnail thumbnail, String description) {
        return "<img src=\"%s\" alt=\"%s\" width=\"%s\" height=\"%s\">"
                .formatted(PngImage.dataUri(thumbnail), description, thumbnail.width(), thumbnail.height());
    }
}
