package dev.racnn.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.racnn.server.batch.BatchSettings;
import dev.racnn.server.model.Question;
import dev.racnn.tensor.Threads;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service under load from its own process: every request is answered. {@code -Dracnn.load=SECONDS} takes so long for each part and
 * prints what was measured, beside bare batches of the same model; {@code -Dracnn.candidates=5000} makes the candidate set larger. No time is
 * asserted.
 */
class LoadTest {
    private static final double SECONDS = Double.parseDouble(System.getProperty("racnn.load", "0"));
    private static final int CANDIDATES = Integer.getInteger("racnn.candidates", TestBundle.CANDIDATES);
    private static final int CLIENTS = 4;
    private static final int IMAGES = 16;
    private static final int ROUNDS = SECONDS > 0 ? 5 : 1;
    private static final int BATCH = 32;

    /** Images per second, and seconds of processors that each took in this process, its clients included. */
    private record Rate(double perSecond, double processor) {}

    /** A request, or a batch; says of how many images. */
    @FunctionalInterface
    private interface Step {
        int run(int number) throws Exception;
    }

    @Test
    void under_load_every_request_is_answered(@TempDir Path folder) throws Exception {
        ServerSettings few = RunningServer.SETTINGS;
        ServerSettings settings = new ServerSettings(
                few.host(),
                0,
                few.allowedHosts(),
                few.token(),
                new BatchSettings(BATCH, Duration.ofMillis(2), 256),
                few.limits(),
                few.abstention(),
                few.grace(),
                few.attackTime(),
                null);
        if (SECONDS > 0) {
            Threads.use(Threads.available());
        }
        try (RunningServer server = RunningServer.start(TestBundle.in(folder, CANDIDATES), null, settings)) {
            throughput(server);
            Step one = one(server);
            latency(one, rate(CLIENTS * 4, one).perSecond() / 2);
        }
    }

    /** Batches over HTTP against bare batches of the same size, in turns. */
    private static void throughput(RunningServer server) throws Exception {
        List<Question> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            batch.add(new Question(server.model().pixels(TestImages.test(i)), 10, false, false));
        }
        Multipart form = new Multipart();
        for (int i = 0; i < IMAGES; i++) {
            form.image(TestImages.test(i));
        }
        Step bare = _ -> server.model().answer(batch).size();
        Step served = _ -> {
            assertThat(server.post("/v1/classify", form).statusCode()).isEqualTo(200);
            return IMAGES;
        };
        if (SECONDS > 0) {
            rate(CLIENTS, served); // Much is compiled before anything is measured.
        }
        double[] ratios = new double[ROUNDS];
        double[] work = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            Rate alone = rate(1, bare);
            Rate together = rate(CLIENTS, served);
            ratios[round] = together.perSecond() / alone.perSecond();
            work[round] = alone.processor() / together.processor();
            say(
                    "bare %.0f images/s, served over bare %.2f, work for bare over work for served %.2f",
                    alone.perSecond(), ratios[round], work[round]);
        }
        Arrays.sort(ratios);
        Arrays.sort(work);
        say(
                "medians of %s: served over bare %.2f, work for bare over work for served %.2f",
                ROUNDS, ratios[ROUNDS / 2], work[ROUNDS / 2]);
    }

    /** Requests of one image at a steady rate, each timed from when it was due. */
    private static void latency(Step one, double perSecond) throws Exception {
        List<Long> taken = Collections.synchronizedList(new ArrayList<>());
        long begun = System.nanoTime();
        int count = Math.max(10, (int) (perSecond * SECONDS));
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int number = i;
                long due = begun + (long) (i * 1e9 / perSecond);
                Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                var _ = clients.submit(() -> {
                    one.run(number);
                    taken.add(System.nanoTime() - due);
                    return null;
                });
            }
        }
        assertThat(taken).hasSize(count);
        List<Long> sorted = taken.stream().sorted().toList();
        double median = sorted.get(count / 2) / 1e6;
        double tail = sorted.get((int) (count * 0.99)) / 1e6;
        say("at %.0f requests/s: median %.1f ms, p99 %.1f ms, ratio %.1f", perSecond, median, tail, tail / median);
    }

    private static Step one(RunningServer server) throws IOException {
        List<Multipart> forms = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            forms.add(new Multipart().image(TestImages.test(i)));
        }
        return number -> {
            assertThat(server.post("/v1/classify", forms.get(number % BATCH)).statusCode())
                    .isEqualTo(200);
            return 1;
        };
    }

    /** What some clients get done that each take a step after the other. */
    private static Rate rate(int clients, Step step) throws Exception {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long work = system.getProcessCpuTime();
        long begun = System.nanoTime();
        long end = begun + (long) (SECONDS * 1e9);
        List<Future<Integer>> counts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            for (int client = 0; client < clients; client++) {
                int first = client * 37;
                Callable<Integer> loop = () -> {
                    int images = 0;
                    for (int i = first; i < first + 5 || System.nanoTime() < end; i++) {
                        images += step.run(i);
                    }
                    return images;
                };
                counts.add(threads.submit(loop));
            }
        }
        int images = 0;
        for (Future<Integer> count : counts) {
            images += count.get();
        }
        return new Rate(
                images / ((System.nanoTime() - begun) / 1e9), (system.getProcessCpuTime() - work) / 1e9 / images);
    }

    private static void say(String format, Object... values) {
        if (SECONDS > 0) {
            System.out.printf(Locale.ROOT, format + "%n", values);
        }
    }
}
