package dev.racnn.server.attack;

import dev.racnn.Progress;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** An attack on its way. Read by many threads, worked on by one. */
public final class AttackJob {
    private final String id;
    private final AttackOrder order;
    private State state = State.WAITING;
    private double progress;
    private @Nullable AttackReply reply;
    private @Nullable String failure;

    AttackJob(String id, AttackOrder order) {
        this.id = id;
        this.order = order;
    }

    /** How far a job is. */
    public enum State {
        /** Others are before it. */
        WAITING,
        /** It is worked on. */
        RUNNING,
        /** It has a reply. */
        DONE,
        /** It has a failure. */
        FAILED,
        /** Whoever asked for it wanted it no longer. */
        CANCELLED
    }

    /**
     * A job at one moment.
     *
     * @param progress from 0 to 1
     * @param reply null unless it is done
     * @param failure why it failed; null unless it has
     */
    public record View(
            String id,
            AttackOrder order,
            State state,
            double progress,
            @Nullable AttackReply reply,
            @Nullable String failure) {}

    /** What it is called; cannot be guessed. */
    public String id() {
        return id;
    }

    /** How it is now. */
    public synchronized View view() {
        return new View(id, order, state, progress, reply, failure);
    }

    /** Whether nothing is going to change any more. */
    synchronized boolean isOver() {
        return state != State.WAITING && state != State.RUNNING;
    }

    AttackOrder order() {
        return order;
    }

    /** Whether it is still wanted; it runs if so. */
    synchronized boolean begin() {
        if (state == State.WAITING) {
            state = State.RUNNING;
        }
        return state == State.RUNNING;
    }

    synchronized void cancel() {
        if (!isOver()) {
            state = State.CANCELLED;
        }
    }

    /**
     * Notes how far the attack is.
     *
     * @throws CancellationException to end an attack that is no longer wanted
     */
    synchronized void heard(Progress heard) {
        if (state != State.RUNNING) {
            throw new CancellationException("the attack was called off");
        }
        progress = heard.total() > 0 ? Math.min(1, (double) heard.done() / heard.total()) : progress;
    }

    synchronized void done(AttackReply result) {
        if (state == State.RUNNING) {
            state = State.DONE;
            progress = 1;
            reply = result;
        }
    }

    synchronized void failed(String why) {
        if (state == State.RUNNING) {
            state = State.FAILED;
            failure = why;
        }
    }
}
