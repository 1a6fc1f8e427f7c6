package dev.racnn.attack;

/** Hears how far a long computation is. */
@FunctionalInterface
public interface Progress {
    /** Hears nothing. */
    Progress NONE = (_, _, _) -> {};

    /**
     * Called every now and then from the computing thread.
     *
     * @param stage what is going on
     * @param done steps done
     * @param total steps in all
     */
    void update(String stage, long done, long total);
}
