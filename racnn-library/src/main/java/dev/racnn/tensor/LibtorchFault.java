package dev.racnn.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What libtorch says went wrong, for people: one short line. Its own messages go on with lists of back ends and the stack of
 * its native code, thousands of characters long.
 */
public final class LibtorchFault {
    private static final int LONGEST = 200;
    /** What a script that fails is quoted with, after the trace of its code. */
    private static final Pattern RAISED = Pattern.compile("(?m)^\\s*[\\w.]*(?:Error|Exception): (.+)$");

    private static final Pattern NATIVE_STACK = Pattern.compile("(?s)\\s*(Exception raised from |frame #0: ).*");
    private static final Pattern FIRST_SENTENCE = Pattern.compile("^(.{20,}?)\\.\\s+\\p{Lu}");

    private LibtorchFault() {}

    /** The reason that a message of libtorch begins with, or that the trace of a script ends with. */
    public static String of(RuntimeException e) {
        String message = NATIVE_STACK
                .matcher(e.getMessage() == null ? e.toString() : e.getMessage())
                .replaceFirst("");
        Matcher raised = RAISED.matcher(message);
        String reason = raised.find()
                ? raised.group(1)
                : message.lines().filter(line -> !line.isBlank()).findFirst().orElse(message);
        return reason.length() <= LONGEST ? reason.strip() : shortened(reason);
    }

    private static String shortened(String reason) {
        Matcher sentence = FIRST_SENTENCE.matcher(reason);
        if (sentence.find() && sentence.group(1).length() <= LONGEST) {
            return sentence.group(1);
        }
        int space = reason.lastIndexOf(' ', LONGEST);
        return reason.substring(0, space > 0 ? space : LONGEST) + " ..";
    }
}
