package dev.racnn.tensor;

import java.util.Iterator;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Owner of the native memory that its thread allocates until it is closed.
 *
 * <p>Every training step and every attack step is one scope. Scopes nest; a result leaves its scope through
 * {@link #escape}, which hands it to the scope around.
 *
 * <pre>{@code
 * try (var scope = Scope.open()) {
 *     Tensor logits = classifier.logits(images);
 *     return scope.escape(logits.argmax());
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
    private final PointerScope pointers = new PointerScope();

    private Scope() {}

    /** Opens a scope inside the one that the current thread is in, if any. */
    public static Scope open() {
        return new Scope();
    }

    /**
     * Lets a value outlive this scope: the scope around becomes its owner, or, where there is none, whoever calls
     * {@code close()} on the value.
     */
    public <P extends Pointer> P escape(P value) {
        Iterator<PointerScope> scopes = PointerScope.getScopeIterator();
        while (scopes.hasNext()) {
            if (scopes.next().equals(pointers)) {
                if (scopes.hasNext()) {
                    scopes.next().attach(value);
                } else {
                    value.retainReference();
                }
                return value;
            }
        }
        throw new IllegalStateException("the scope is closed, or was opened by another thread");
    }

    /** Makes a value independent of every scope; whoever holds it must call {@code close()} on it. */
    public static <P extends Pointer> P unscoped(P value) {
        value.retainReference();
        return value;
    }

    /** Frees everything that was allocated in this scope and did not escape. */
    @Override
    public void close() {
        pointers.close();
    }
}
