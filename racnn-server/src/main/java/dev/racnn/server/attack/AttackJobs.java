package dev.racnn.server.attack;

import dev.racnn.Progress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;

/** Attacks that wait, run one at a time, and are kept for a while when they are over. */
public final class AttackJobs implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AttackJobs.class.getName());
    private static final int MOST_WAITING = 8;
    private static final int KEPT = 32;
    private static final int ID_BYTES = 16;

    private final Attacker attacker;
    private final Duration limit;
    private final BiConsumer<AttackOrder, Duration> ended;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, AttackJob> jobs = new LinkedHashMap<>();
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("attack").factory());

    /**
     * Nothing waits yet.
     *
     * @param limit how long an attack may take
     * @param ended hears what ran, and how long
     */
    public AttackJobs(Attacker attacker, Duration limit, BiConsumer<AttackOrder, Duration> ended) {
        this.attacker = attacker;
        this.limit = limit;
        this.ended = ended;
    }

    /** Accepts an attack; empty if too many wait. */
    public synchronized Optional<AttackJob> submit(AttackOrder order) {
        if (jobs.values().stream().filter(job -> !job.isOver()).count() >= MOST_WAITING) {
            return Optional.empty();
        }
        byte[] name = new byte[ID_BYTES];
        random.nextBytes(name);
        AttackJob job = new AttackJob(HexFormat.of().formatHex(name), order);
        jobs.put(job.id(), job);
        jobs.values().stream()
                .filter(AttackJob::isOver)
                .findFirst()
                .filter(_ -> jobs.size() > KEPT)
                .ifPresent(oldest -> jobs.remove(oldest.id()));
        worker.execute(() -> run(job));
        return Optional.of(job);
    }

    /** The attack of this name, unless it is over for long. */
    public synchronized Optional<AttackJob> find(String id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** Calls an attack off. */
    public void cancel(AttackJob job) {
        job.cancel();
    }

    /** Calls off what runs and waits. */
    @Override
    public void close() {
        synchronized (this) {
            jobs.values().forEach(AttackJob::cancel);
        }
        worker.close();
    }

    private void run(AttackJob job) {
        if (!job.begin()) {
            return;
        }
        long begun = System.nanoTime();
        try {
            job.done(attacker.run(job.order(), progress -> heard(job, progress, begun)));
        } catch (TooLong e) {
            job.failed("%s".formatted(e.getMessage()));
        } catch (CancellationException _) {
            // Whoever called it off knows.
        } catch (IllegalArgumentException e) {
            job.failed("%s".formatted(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.ERROR, "an attack failed", e);
            job.failed("the attack failed for a reason inside the service, which its log has");
        }
        ended.accept(job.order(), Duration.ofNanos(System.nanoTime() - begun));
    }

    private void heard(AttackJob job, Progress progress, long begun) {
        job.heard(progress);
        if (System.nanoTime() - begun > limit.toNanos()) {
            throw new TooLong("the attack took longer than %s seconds, which is all that this service gives one"
                    .formatted(limit.toSeconds()));
        }
    }

    /** An attack has used up its time. */
    private static final class TooLong extends CancellationException {
        private static final long serialVersionUID = 1;

        TooLong(String message) {
            super(message);
        }
    }
}
