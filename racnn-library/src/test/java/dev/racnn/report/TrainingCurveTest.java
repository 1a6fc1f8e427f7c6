package dev.racnn.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.training.EpochRecord;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class TrainingCurveTest {
    @Test
    void stages_stand_one_after_the_other_with_accuracy_above_the_loss() throws Exception {
        List<EpochRecord> log = List.of(epoch("extractor", 1), epoch("extractor", 2), epoch("racnn", 1));
        Document svg = parse(TrainingCurve.svg(log));

        NodeList panels = svg.getDocumentElement().getElementsByTagName("svg");
        assertThat(panels.getLength()).isEqualTo(2);
        Element accuracy = (Element) panels.item(0);
        Element loss = (Element) panels.item(1);
        assertThat(accuracy.getAttribute("aria-label")).isEqualTo("accuracy by epoch");
        assertThat(loss.getAttribute("aria-label")).isEqualTo("loss by epoch");
        assertThat(loss.getAttribute("y")).isEqualTo(accuracy.getAttribute("height"));
        assertThat(loss.hasAttribute("class"))
                .as("the style of a whole picture")
                .isFalse();
        assertThat(accuracy.getElementsByTagName("circle").getLength()).isEqualTo(6);
        List<Double> places = places(loss);
        assertThat(places).hasSize(3).isSorted().doesNotHaveDuplicates();
        assertThat(loss.getTextContent()).contains("extractor, training loss", "racnn, training loss", "loss 0.500");
    }

    @Test
    void a_log_without_an_epoch_has_no_curve() {
        assertThatThrownBy(() -> TrainingCurve.svg(List.of())).hasMessageContaining("at least one epoch");
    }

    private static EpochRecord epoch(String stage, int epoch) {
        return new EpochRecord(stage, epoch, 10L * epoch, 1.0 / epoch, 0.5, 0.4, 1e-3, 100, 1, Map.of());
    }

    private static List<Double> places(Element panel) {
        List<Double> places = new ArrayList<>();
        NodeList circles = panel.getElementsByTagName("circle");
        for (int i = 0; i < circles.getLength(); i++) {
            places.add(Double.parseDouble(((Element) circles.item(i)).getAttribute("cx")));
        }
        return places;
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
