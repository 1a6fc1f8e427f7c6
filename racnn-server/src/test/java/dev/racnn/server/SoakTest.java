package dev.racnn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service that is killed under load. Nothing fails before but what is meant to, and what was acknowledged is there afterwards.
 *
 * <p>A build kills it once, after a few changes. {@code -Dracnn.kills=20 -Dracnn.changes=500} kills it twenty times, each time after a
 * number of acknowledged changes that {@code -Dracnn.seed} draws; {@code -Dracnn.soak=1800} keeps up the load for so many seconds first.
 * Both print what happened.
 */
class SoakTest {
    private static final int SECONDS = Integer.getInteger("racnn.soak", 0);
    private static final int KILLS = Integer.getInteger("racnn.kills", 1);
    private static final int CHANGES = Integer.getInteger("racnn.changes", 12);
    private static final int CANDIDATES = Integer.getInteger("racnn.candidates", TestBundle.CANDIDATES);
    private static final long SEED = Long.getLong("racnn.seed", 1);
    private static final int CLIENTS = 4;

    /** From so many seconds on, memory is expected to have settled after a fifth of the time. */
    private static final int LONG = 300;

    private final LongAdder requests = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final List<ChangingClient> clients = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void under_load_nothing_fails_but_what_is_meant_to_and_a_killed_service_keeps_what_it_acknowledged(
            @TempDir Path folder) throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new ChangingClient("client" + i, random.split(), requests, changes));
        }
        Path bundle = TestBundle.in(folder, CANDIDATES);
        for (int kill = 0; kill < KILLS; kill++) {
            killUnderLoad(bundle, 1 + random.nextInt(CHANGES));
        }
        try (ServeProcess server = ServeProcess.start(bundle)) {
            check(server);
        }
    }

    private void killUnderLoad(Path bundle, int changesBefore) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
                ServeProcess server = ServeProcess.start(bundle)) {
            check(server);
            long changed = changes.sum();
            List<Future<?>> running = new ArrayList<>();
            for (ChangingClient client : clients) {
                running.add(threads.submit(() -> {
                    client.run(server.address());
                    return null;
                }));
            }
            soak(server, running);
            while (changes.sum() - changed < changesBefore && allRun(running)) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            boolean allRan = allRun(running);
            server.kill();
            for (Future<?> client : running) {
                client.get();
            }
            assertThat(allRan)
                    .as("every client went on until the service was killed")
                    .isTrue();
            say(
                    "killed after %s changes, %s asked for; %s requests so far",
                    changes.sum() - changed, changesBefore, requests);
        }
    }

    private static boolean allRun(List<Future<?>> clients) {
        return clients.stream().noneMatch(Future::isDone);
    }

    /** Lets the clients go on for a while, and watches the memory of the service. */
    private void soak(ServeProcess server, List<Future<?>> running) throws IOException, InterruptedException {
        List<Long> megabytes = new ArrayList<>();
        for (int second = 0; second < SECONDS && allRun(running); second++) {
            if (second % Math.max(1, SECONDS / 20) == 0) {
                megabytes.add(server.megabytes());
                say("%s s: %s MB, %s requests, %s changes", second, megabytes.getLast(), requests, changes);
            }
            TimeUnit.SECONDS.sleep(1);
        }
        if (SECONDS >= LONG) {
            assertThat(server.megabytes()).isLessThan(megabytes.get(megabytes.size() / 5) * 6 / 5 + 1);
        }
    }

    private void check(ServeProcess server) throws Exception {
        int own = 0;
        for (ChangingClient client : clients) {
            client.check(server.address());
            own += client.size();
        }
        assertThat(clients.getFirst().total(server.address())).isEqualTo(CANDIDATES + own);
    }

    private static void say(String format, Object... values) {
        if (SECONDS > 0 || KILLS > 1) {
            System.out.printf(Locale.ROOT, format + "%n", values);
        }
    }
}
