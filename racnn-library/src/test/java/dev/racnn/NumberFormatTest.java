package dev.racnn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds every Java file of every module to numbers that a machine can read whatever the language of the user: {@code %d},
 * {@code %f} and their like write the digits and the comma of the locale, so they stand beside {@code Locale.ROOT} alone.
 * {@code %s} writes any number as Java does.
 */
class NumberFormatTest {
    private static final Pattern NUMBER = Pattern.compile("(?<!%)(%%)*%(\\d+\\$)?[-#+ 0,(<]*\\d*(\\.\\d+)?[dfegEG]");

    @Test
    void numbers_are_formatted_beside_their_locale() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(Path.of(".."))) {
            files = all.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("src/main/java"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(300);
        assertThat(violations(files))
                .as("numbers in the digits of the user's language; take the conversion s, or"
                        + " String.format(Locale.ROOT, ..)")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%d", "%,d", "%2$05d", "%.1f %%", "%%%d", "%e", "%-4.3g"})
    void patterns_of_numbers_are_recognised(String format) {
        assertThat(NUMBER.matcher(format).find()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "95 %%: %s", "100 %%d", "%n", "%x", "%-16s"})
    void others_are_not(String format) {
        assertThat(NUMBER.matcher(format).find()).isFalse();
    }

    private static List<String> violations(List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            LocalDigits search = new LocalDigits(Trees.instance(task).getSourcePositions());
            task.parse().forEach(unit -> search.scan(unit, unit));
            return search.found;
        }
    }

    /** Finds the calls that write a number for the default locale. */
    private static final class LocalDigits extends TreeScanner<Void, CompilationUnitTree> {
        private final SourcePositions positions;
        private final List<String> found = new ArrayList<>();

        LocalDigits(SourcePositions positions) {
            this.positions = positions;
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, CompilationUnitTree unit) {
            if (call.getMethodSelect() instanceof MemberSelectTree method && writesLocalDigits(method, call)) {
                long line = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, call));
                found.add(unit.getSourceFile().getName() + ":" + line);
            }
            return super.visitMethodInvocation(call, unit);
        }

        private static boolean writesLocalDigits(MemberSelectTree method, MethodInvocationTree call) {
            String name = method.getIdentifier().toString();
            if (name.equals("formatted")) {
                return holdsNumber(method.getExpression());
            }
            return (name.equals("format") || name.equals("printf"))
                    && !call.getArguments().isEmpty()
                    && holdsNumber(call.getArguments().getFirst());
        }

        /** Whether a literal of a text, joined of several or not, formats a number. */
        private static boolean holdsNumber(ExpressionTree text) {
            List<String> literals = new ArrayList<>();
            new TreeScanner<Void, List<String>>() {
                @Override
                public Void visitLiteral(LiteralTree literal, List<String> all) {
                    all.add(String.valueOf(literal.getValue()));
                    return super.visitLiteral(literal, all);
                }
            }.scan(text, literals);
            return literals.stream().anyMatch(literal -> NUMBER.matcher(literal).find());
        }
    }
}
