package dev.racnn.attack;

import java.nio.file.Path;

/**
 * Where finished examples are kept for a later run.
 *
 * @param file one JSON line an example
 * @param subject what was attacked, such as the checksum of a model, its precision, and the name of the data: results of
 *     another subject are not taken over; may be empty if something else sees to that
 */
public record JournalPlace(Path file, String subject) {
    /** A file beside this one for one part of the run, with the part's name at its end. */
    public JournalPlace part(String name) {
        return new JournalPlace(file.resolveSibling(file.getFileName() + "." + name), subject);
    }
}
