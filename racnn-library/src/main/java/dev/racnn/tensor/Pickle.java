package dev.racnn.tensor;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads the data of Python's pickle format, and no code: lists, tuples, dictionaries, texts and numbers become Java's own;
 * classes and functions stay the names that they are, and what they would have made stays a {@link Call} that nobody makes.
 */
final class Pickle {
    private static final int MARK = '(';
    private static final int STOP = '.';

    private final ByteBuffer bytes;
    private final Function<Object, Object> persistent;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    /** The name of something that Python would have imported. */
    record Global(String name) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A function or class with the arguments that Python would have called it with. */
    record Call(Object function, List<?> arguments) {}

    /** Python's None, which Java's collections do not take. */
    enum None {
        NONE
    }

    /**
     * @param bytes read from its position on, to the end of the first pickle
     * @param persistent what references to things outside mean
     */
    Pickle(ByteBuffer bytes, Function<Object, Object> persistent) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        this.persistent = persistent;
    }

    /**
     * Reads one pickled object.
     *
     * @throws IOException if the bytes are no pickle, or one with instructions that data do not need
     */
    Object read() throws IOException {
        try {
            for (int code = bytes.get() & 0xFF; code != STOP; code = bytes.get() & 0xFF) {
                step(code);
            }
            return stack.pop();
        } catch (BufferUnderflowException | java.util.NoSuchElementException | ClassCastException e) {
            throw new IOException("the pickle is damaged at byte " + bytes.position(), e);
        }
    }

    private void step(int code) throws IOException {
        switch (code) {
            case 0x80 -> bytes.get(); // PROTO
            case 0x95 -> bytes.getLong(); // FRAME
            case MARK -> marks.push(stack.size());
            case '0' -> stack.pop();
            case '2' -> stack.push(stack.getFirst());
            case 'N' -> stack.push(None.NONE);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'K' -> stack.push((long) (bytes.get() & 0xFF));
            case 'M' -> stack.push((long) (bytes.getShort() & 0xFFFF));
            case 'J' -> stack.push((long) bytes.getInt());
            case 0x8A -> stack.push(whole(bytes.get() & 0xFF));
            case 'G' ->
                stack.push(ByteBuffer.wrap(raw(Double.BYTES))
                        .order(ByteOrder.BIG_ENDIAN)
                        .getDouble());
            case 0x8C -> stack.push(text(bytes.get() & 0xFF));
            case 'X' -> stack.push(text(bytes.getInt()));
            case 0x8D -> stack.push(text(Math.toIntExact(bytes.getLong())));
            case 'U', 'C' -> stack.push(text(bytes.get() & 0xFF));
            case 'T', 'B' -> stack.push(text(bytes.getInt()));
            case 0x8E -> stack.push(text(Math.toIntExact(bytes.getLong())));
            case 'c' -> stack.push(new Global(line() + "." + line()));
            case 0x93 -> {
                Object name = stack.pop();
                stack.push(new Global(stack.pop() + "." + name));
            }
            case ')' -> stack.push(List.of());
            case 't' -> stack.push(Collections.unmodifiableList(sinceMark()));
            case 0x85 -> stack.push(tuple(1));
            case 0x86 -> stack.push(tuple(2));
            case 0x87 -> stack.push(tuple(3));
            case ']', 0x8F -> stack.push(new ArrayList<>());
            case 'l' -> stack.push(sinceMark());
            case '}' -> stack.push(new LinkedHashMap<>());
            case 'd' -> stack.push(put(new LinkedHashMap<>(), sinceMark()));
            case 'a' -> {
                Object element = stack.pop();
                append(List.of(element));
            }
            case 'e', 0x90 -> append(sinceMark());
            case 's' -> {
                Object value = stack.pop();
                Object key = stack.pop();
                put(stack.getFirst(), List.of(key, value));
            }
            case 'u' -> {
                List<Object> entries = sinceMark();
                put(stack.getFirst(), entries);
            }
            case 'q' -> memo.put(bytes.get() & 0xFF, stack.getFirst());
            case 'r' -> memo.put(bytes.getInt(), stack.getFirst());
            case 0x94 -> memo.put(memo.size(), stack.getFirst());
            case 'h' -> stack.push(remembered(bytes.get() & 0xFF));
            case 'j' -> stack.push(remembered(bytes.getInt()));
            case 'Q' -> stack.push(persistent.apply(stack.pop()));
            case 'R', 0x81 -> {
                List<?> arguments = (List<?>) stack.pop();
                stack.push(made(stack.pop(), arguments));
            }
            case 'b' -> stack.pop(); // BUILD: the state of an object that is not made.
            default ->
                throw new IOException("byte %s of the pickle is an instruction (0x%s) that data do not need"
                        .formatted(bytes.position() - 1, Integer.toHexString(code)));
        }
    }

    /** An ordered dictionary is data; everything else stays a call. */
    private static Object made(Object function, List<?> arguments) throws IOException {
        if (function instanceof Global global && global.name().equals("collections.OrderedDict")) {
            Map<Object, Object> dictionary = new LinkedHashMap<>();
            if (!arguments.isEmpty()) {
                for (Object pair : (List<?>) arguments.getFirst()) {
                    put(dictionary, (List<?>) pair);
                }
            }
            return dictionary;
        }
        return new Call(function, arguments);
    }

    private static Object put(Object target, List<?> entries) {
        // The state of an object that is not made is dropped like the object.
        if (target instanceof Map<?, ?>) {
            @SuppressWarnings("unchecked")
            Map<Object, Object> dictionary = (Map<Object, Object>) target;
            for (int i = 0; i + 1 < entries.size(); i += 2) {
                dictionary.put(entries.get(i), entries.get(i + 1));
            }
        }
        return target;
    }

    private void append(List<?> elements) {
        if (stack.getFirst() instanceof ArrayList<?>) {
            @SuppressWarnings("unchecked")
            List<Object> list = (List<Object>) stack.getFirst();
            list.addAll(elements);
        }
    }

    private Object remembered(int place) throws IOException {
        Object value = memo.get(place);
        if (value == null) {
            throw new IOException("the pickle refers to something that it does not hold");
        }
        return value;
    }

    private List<Object> tuple(int size) {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            elements.addFirst(stack.pop());
        }
        return Collections.unmodifiableList(elements);
    }

    private List<Object> sinceMark() {
        List<Object> elements = new ArrayList<>();
        int size = marks.pop();
        while (stack.size() > size) {
            elements.add(stack.pop());
        }
        Collections.reverse(elements);
        return elements;
    }

    /** A long, or a larger number, of which legacy files have one. */
    private Number whole(int length) throws IOException {
        byte[] big = raw(length);
        for (int i = 0; i < length / 2; i++) {
            byte swapped = big[i];
            big[i] = big[length - 1 - i];
            big[length - 1 - i] = swapped;
        }
        BigInteger value = length == 0 ? BigInteger.ZERO : new BigInteger(big);
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    private String text(int length) throws IOException {
        return new String(raw(length), StandardCharsets.UTF_8);
    }

    private byte[] raw(int length) throws IOException {
        if (length < 0 || length > bytes.remaining()) {
            throw new IOException("the pickle is cut off at byte " + bytes.position());
        }
        byte[] copy = new byte[length];
        bytes.get(copy);
        return copy;
    }

    private String line() {
        StringBuilder text = new StringBuilder();
        for (char letter = (char) (bytes.get() & 0xFF); letter != '\n'; letter = (char) (bytes.get() & 0xFF)) {
            text.append(letter);
        }
        return text.toString();
    }
}
