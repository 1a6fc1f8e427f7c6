package dev.racnn.server.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedCondition;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium without a window. */
final class Browser implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Where a browser and its driver are, if both are installed. */
    static Optional<List<Path>> installed() {
        return programme("chromium", "chromium-browser", "google-chrome")
                .flatMap(browser -> programme("chromedriver").map(driver -> List.of(browser, driver)));
    }

    private static Optional<Path> programme(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of("/usr/bin", "/usr/local/bin", "/opt/google/chrome")
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Browser start(List<Path> browserAndDriver) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browserAndDriver.getFirst().toFile());
        // In a container there is neither a sandbox nor much shared memory.
        options.addArguments(
                "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(browserAndDriver.getLast().toFile())
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return new Browser(driver);
    }

    ChromeDriver driver() {
        return driver;
    }

    /** A screen of this size, of a telephone if it is narrow. */
    void screen(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** What the reader prefers: light or dark. */
    void scheme(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Asks for every file anew. */
    void forgetFiles() {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand("Network.setCacheDisabled", Map.of("cacheDisabled", true));
    }

    /** How the page that was just opened came into view. */
    FirstView firstView() {
        Object measured = driver.executeAsyncScript("""
            const done = arguments[arguments.length - 1];
            const files = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
            let shift = 0;
            const observer = new PerformanceObserver((seen) => seen.getEntries().forEach((one) => (shift += one.value)));
            observer.observe({ type: "layout-shift", buffered: true });
            setTimeout(() => done([
              files.reduce((sum, file) => sum + file.transferSize, 0),
              performance.getEntriesByName("first-contentful-paint")[0].startTime,
              performance.getEntriesByName("usable")[0].startTime,
              shift,
            ].map(String)), 500);
            """);
        List<?> numbers = (List<?>) Objects.requireNonNull(measured);
        double[] values = numbers.stream()
                .mapToDouble(number -> Double.parseDouble(String.valueOf(number)))
                .toArray();
        return new FirstView((long) values[0], values[1], values[2], values[3]);
    }

    WebElement find(String css) {
        return until(shown -> {
            List<WebElement> found = shown.findElements(By.cssSelector(css));
            return found.isEmpty() ? null : found.getFirst();
        });
    }

    int count(String css) {
        return driver.findElements(By.cssSelector(css)).size();
    }

    <T> T until(ExpectedCondition<T> condition) {
        return new WebDriverWait(driver, PATIENCE).until(condition);
    }

    /** Keeps a picture for those who want to look. */
    void photograph(String name) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
