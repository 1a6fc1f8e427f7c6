package dev.racnn.server.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import dev.racnn.server.RunningServer;
import dev.racnn.server.TestBundle;
import dev.racnn.server.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Select;

/** The page in a browser, through what people do with it. Screenshots are left in {@code target/screenshots}. */
class BrowserTest {
    @TempDir
    private static Path folder;

    private static @Nullable Browser started;
    private static @Nullable RunningServer running;

    private Browser browser;
    private RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        Optional<List<Path>> installed = Browser.installed();
        if (installed.isEmpty()) {
            System.err.println("browser tests are skipped: there is no chromium with chromedriver"
                    + " (Debian: apt-get install chromium chromium-driver)");
        }
        assumeTrue(installed.isPresent(), "no chromium with chromedriver");
        running = RunningServer.start(TestBundle.in(folder), TestBundle.baseline(), RunningServer.SETTINGS);
        started = Browser.start(installed.get());
    }

    @AfterAll
    static void stop() {
        if (started != null) {
            started.close();
        }
        if (running != null) {
            running.close();
        }
    }

    @BeforeEach
    @SuppressWarnings("NullAway") // Without a browser no test gets here.
    void open() {
        browser = started;
        server = running;
        browser.screen(1280, 1000);
        browser.scheme("light");
        browser.driver().get("about:blank");
    }

    @Test
    void an_example_is_answered_by_both_models_with_the_neighbours_that_decided() throws Exception {
        visit("/");
        browser.find(".welcome h1");
        browser.photograph("welcome");
        browser.find(".examples button").click();
        browser.find(".neighbours li");

        assertThat(browser.count(".verdict")).isEqualTo(2);
        assertThat(browser.count(".neighbours li")).isEqualTo(10);
        assertThat(browser.find(".neighbours .name").getText()).isNotEmpty();
        assertThat(browser.find(".neighbours dl").getText()).contains("weight", "distance");
        assertThat(browser.find(".evidence").getText()).contains("percentile", "Agreement");

        WebElement slider = browser.find("#k");
        slider.sendKeys(Keys.ARROW_LEFT, Keys.ARROW_LEFT, Keys.ARROW_LEFT);
        browser.until(_ -> browser.count(".neighbours li") == 7);
        assertThat(browser.find("output[for=k]").getText()).isEqualTo("7");
        browser.photograph("classified");
    }

    @Test
    void the_first_view_is_small_and_nothing_in_it_moves() {
        for (int width : new int[] {1280, 390}) {
            browser.screen(width, 844);
            browser.forgetFiles();
            visit("/");
            browser.find(".examples button");
            FirstView view = browser.firstView();
            assertThat(view.shift()).as("layout shift at a width of " + width).isZero();
            assertThat(view.bytes()).isPositive().isLessThan(200_000);
            System.out.println("first view, " + width + " pixels wide: " + view);
        }
    }

    @Test
    void an_attack_is_watched_and_its_image_shown_beside_the_original() throws Exception {
        visit("/#token=" + RunningServer.TOKEN);
        assertThat(String.valueOf(browser.driver().getCurrentUrl())).doesNotContain("token");
        browser.find(".examples li:nth-child(5) button").click();
        new Select(browser.find("#scenario")).selectByValue("baseline");
        browser.find(".attack button.primary").click();
        browser.find(".triptych");

        assertThat(browser.count(".triptych img")).isEqualTo(3);
        assertThat(browser.find(".outcome").getText()).contains("fools the baseline");
        assertThat(browser.find(".switch [aria-pressed=true]").getText()).isEqualTo("Attacked");
        assertThat(browser.find(".verdict:nth-child(2) .badge.changed").getText())
                .startsWith("was ");
        browser.photograph("attacked");
        assertThat(browser.driver()
                        .executeScript("return document.querySelector('.input').getBoundingClientRect().right"
                                + " < document.querySelector('.content').getBoundingClientRect().left"))
                .as("the two columns stand beside each other")
                .isEqualTo(true);
        browser.screen(390, 844);
        browser.photograph("attacked-phone");
        assertAccessible("attacked, phone");
        browser.screen(1280, 1000);
        browser.scheme("dark");
        browser.photograph("attacked-dark");
        assertAccessible("attacked, dark");
        browser.find(".switch button:first-child").click();
        browser.until(_ -> browser.count(".badge.changed") == 0);
    }

    @Test
    void an_image_that_becomes_a_candidate_is_found_at_once_and_gone_when_it_is_removed() throws Exception {
        Path image = Files.write(folder.resolve("mine.png"), TestImages.test(700));
        visit("/#token=" + RunningServer.TOKEN);
        browser.find("input[type=file]").sendKeys(image.toString());
        browser.find(".neighbours li");
        new Select(browser.find("#own-label")).selectByVisibleText("frog");
        browser.find(".input form button").click();
        browser.until(_ -> browser.find(".neighbours .id").getText().equals("candidate 120"));
        assertThat(browser.find(".neighbours .name").getText()).isEqualTo("frog");

        browser.find("nav a:nth-child(2)").click();
        browser.until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(".tiles .id"), "120"));
        assertThat(browser.find(".tiles .tag").getText()).isEqualTo("page");
        assertThat(browser.find(".history").getText()).contains("add 120", "frog");
        browser.photograph("candidates");
        assertAccessible("candidates");
        browser.find(".tiles button").click();
        browser.until(_ -> browser.find(".tiles .id").getText().equals("119"));
        browser.find("nav a:nth-child(1)").click();
        browser.until(_ -> !browser.find(".neighbours .id").getText().equals("candidate 120"));
    }

    @Test
    void whoever_has_no_token_is_asked_for_it() throws Exception {
        visit("/");
        browser.driver().executeScript("sessionStorage.clear()");
        browser.driver().navigate().refresh();
        browser.find(".examples button").click();
        browser.find(".attack button.primary").click();
        browser.find("#token").sendKeys("not the token");
        browser.photograph("unlock");
        browser.find("dialog .primary").click();
        browser.until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector("dialog .alert"), "token"));
        browser.find("#token").clear();
        browser.find("#token").sendKeys(RunningServer.TOKEN, Keys.ENTER);
        browser.until(_ -> browser.count("dialog") == 0);
        assertThat(browser.find(".lock").getText()).isEqualTo("Lock");
    }

    @Test
    void what_is_no_image_is_refused_in_words() throws Exception {
        visit("/");
        Path text = Files.writeString(folder.resolve("notes.png"), "no image");
        browser.find("input[type=file]").sendKeys(text.toString());
        browser.until(ExpectedConditions.textToBePresentInElementLocated(
                By.cssSelector("[role=alert]"), "neither PNG nor JPEG"));
    }

    @Test
    void the_report_of_the_bundle_is_shown_in_the_page() throws Exception {
        browser.driver().get(RunningServer.shared().address() + "/#report");
        browser.driver().switchTo().frame(browser.find("iframe.report"));
        assertThat(browser.find("h1").getText()).isEqualTo("Robustness");
        browser.driver().switchTo().defaultContent();
        browser.photograph("report");
    }

    @Test
    void every_view_can_be_read_by_everybody_and_asks_nobody_else() throws Exception {
        for (String view : List.of("classify", "candidates", "report")) {
            visit("/#" + view);
            browser.find("main .card, main .welcome");
            assertAccessible(view);
            browser.scheme("dark");
            assertAccessible(view + ", dark");
            browser.photograph(view + "-dark");
            browser.screen(390, 844);
            assertAccessible(view + ", phone");
            browser.photograph(view + "-phone");
            Object wide = browser.driver()
                    .executeScript(
                            "return document.documentElement.scrollWidth > document.documentElement.clientWidth");
            assertThat(wide).as(view + " is wider than a telephone").isEqualTo(false);
            browser.screen(1280, 1000);
            browser.scheme("light");
        }
        Object foreign = browser.driver()
                .executeScript("return performance.getEntriesByType('resource').map(e => e.name)"
                        + ".filter(name => !name.startsWith(location.origin) && !/^(data|blob):/.test(name))");
        assertThat(foreign).isEqualTo(List.of());
    }

    private void visit(String path) {
        browser.driver().get(server.address().resolve("/") + path.substring(1));
        browser.find("main > *");
    }

    private void assertAccessible(String view) {
        List<Rule> violations = new AxeBuilder().analyze(browser.driver()).getViolations();
        assertThat(violations.stream()
                        .map(rule -> rule.getId() + ": "
                                + rule.getNodes().stream()
                                        .limit(3)
                                        .map(String::valueOf)
                                        .toList()))
                .as(view)
                .isEmpty();
    }
}
