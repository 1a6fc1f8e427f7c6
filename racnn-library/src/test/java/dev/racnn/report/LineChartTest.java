package dev.racnn.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.report.LineChart.Axis;
import dev.racnn.report.LineChart.Point;
import dev.racnn.report.LineChart.Series;
import dev.racnn.report.LineChart.Tick;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class LineChartTest {
    private static final Axis X = new Axis("size", 0, 10, List.of(new Tick(0, "0"), new Tick(10, "10")));
    private static final Axis Y = new Axis("share", 0, 1, List.of(new Tick(0, "none"), new Tick(1, "all")));

    private static Document parse(LineChart chart) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(chart.svg())));
    }

    private static LineChart chart(boolean stepped, double low) {
        List<Point> points = List.of(new Point(0, 1, 1, 1, "start"), new Point(10, 0, low, 0, "<end> & \"more\""));
        return new LineChart("a & b", X, Axis.none(), Y, List.of(new Series("line <1>", 0, "", stepped, points)));
    }

    @Test
    void the_picture_is_well_formed_whatever_the_texts() throws Exception {
        Document svg = parse(chart(false, 0));

        assertThat(svg.getDocumentElement().getAttribute("aria-label")).isEqualTo("a & b");
        assertThat(svg.getElementsByTagName("circle").item(1).getTextContent()).isEqualTo("<end> & \"more\"");
    }

    @Test
    void points_stand_where_the_ticks_of_their_values_stand() throws Exception {
        Document svg = parse(chart(false, 0));
        Element start = (Element) svg.getElementsByTagName("circle").item(0);
        Element end = (Element) svg.getElementsByTagName("circle").item(1);

        assertThat(start.getAttribute("cy")).isEqualTo(gridLine(svg, "all"));
        assertThat(end.getAttribute("cy")).isEqualTo(gridLine(svg, "none"));
        assertThat(Double.parseDouble(end.getAttribute("cx")))
                .isGreaterThan(Double.parseDouble(start.getAttribute("cx")));
    }

    @Test
    void a_stepped_line_keeps_its_height_until_the_next_point() throws Exception {
        Element path =
                (Element) parse(chart(true, 0)).getElementsByTagName("path").item(0);

        assertThat(path.getAttribute("d")).matches("M[\\d.]+ [\\d.]+H[\\d.]+V[\\d.]+");
    }

    @Test
    void intervals_make_a_band_and_without_them_there_is_none() throws Exception {
        assertThat(parse(chart(false, 0)).getElementsByTagName("path").getLength())
                .isEqualTo(1);
        assertThat(parse(chart(false, -0.1)).getElementsByTagName("path").getLength())
                .isEqualTo(2);
    }

    /** Height of the grid line that a tick's text labels; the line stands before its text. */
    private static String gridLine(Document svg, String label) {
        var texts = svg.getElementsByTagName("text");
        for (int i = 0; i < texts.getLength(); i++) {
            if (texts.item(i).getTextContent().equals(label)) {
                return ((Element) texts.item(i).getPreviousSibling()).getAttribute("y1");
            }
        }
        throw new AssertionError("no tick " + label);
    }
}
