package dev.racnn.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Graph;
import org.bytedeco.pytorch.GraphFunction;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.JitNode;
import org.bytedeco.pytorch.Method;
import org.bytedeco.pytorch.Value;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.named_module_iterator;
import org.bytedeco.pytorch.named_module_list;
import org.jspecify.annotations.Nullable;

/**
 * Makes a TorchScript model return what it computes on its way: the output of an inner module, or what its last layer is
 * given. The calls that lead there are written out in the graph of its forward method, whose result is then another.
 */
final class InnerOutput {
    /** Names what the last layer is given. */
    static final String PENULTIMATE = "penultimate";

    private static final String FORWARD = "forward";
    private static final String CALL = "prim::CallMethod";
    private static final String RETURN = "prim::Return";
    private static final String TUPLE = "prim::TupleConstruct";
    private static final int SHOWN = 12;

    /** Layers that end a model, with the place of what they are given. */
    private static final Map<String, Integer> LAST_LAYERS =
            Map.of("aten::linear", 0, "aten::addmm", 1, "aten::matmul", 0, "aten::mm", 0);

    /** What may follow the last layer and hands its first argument on. */
    private static final List<String> AFTER = List.of(
            "aten::softmax",
            "aten::log_softmax",
            "aten::add",
            "aten::view",
            "aten::reshape",
            "aten::flatten",
            "aten::squeeze",
            "aten::contiguous",
            "aten::to",
            "aten::dropout");

    /** A line of the graph's text outside of inner blocks: {@code %y : Tensor = prim::CallMethod[name="forward"](%m, %x)}. */
    private static final Pattern LINE =
            Pattern.compile("^  %(\\S+) : .* = ([\\w:]+)(?:\\[name=\"([^\"]*)\"])?\\(([^)]*)\\).*$");

    private static final Pattern RESULT = Pattern.compile("(?m)^  return \\(%([^,)]+)\\)$");

    private final JitModule module;
    private final Graph graph;

    private InnerOutput(JitModule module) {
        this.module = module;
        graph = module.get_method(FORWARD).graph();
    }

    /** A step of the graph: libtorch's Java classes tell the names of attributes in its text alone. */
    private record Step(
            String output, String kind, @Nullable String attribute, List<String> inputs) {}

    /**
     * Changes what a model returns. It must not have run yet.
     *
     * @param name of an inner module, as {@code layer4.1}, or {@value #PENULTIMATE}
     * @throws IllegalArgumentException if the model has no such module, does not call it, or does not end in a linear layer
     */
    static void expose(JitModule module, String name) {
        InnerOutput inner = new InnerOutput(module);
        List<String> modules = inner.modules();
        boolean last = name.equals(PENULTIMATE) && !modules.contains(name);
        if (!last && !modules.contains(name)) {
            throw new IllegalArgumentException("there is no module '%s' in the model; it has %s%s"
                    .formatted(
                            name,
                            String.join(", ", modules.subList(0, Math.min(SHOWN, modules.size()))),
                            modules.size() > SHOWN ? " and %s more".formatted(modules.size() - SHOWN) : ""));
        }
        inner.writeOut(last ? null : name);
        Value value = inner.value(last ? inner.givenToLastLayer() : inner.outputOf(name));
        inner.graph.eraseOutput(0);
        inner.graph.registerOutput(value);
    }

    /** Replaces calls by what they do: all of them, or those that contain a module. */
    private void writeOut(@Nullable String within) {
        boolean changed = true;
        while (changed) {
            changed = false;
            Map<String, Step> steps = steps();
            for (Step step : steps.values()) {
                String owner = step.kind().equals(CALL) ? path(step.inputs().getFirst(), steps) : null;
                if (owner != null && (within == null || contains(owner, within, step.attribute()))) {
                    Method method = at(owner).get_method(step.attribute());
                    torch.inlineCallTo(
                            value(step.output()).node(), new GraphFunction(method.function()), method.graph());
                    changed = true;
                    break;
                }
            }
        }
    }

    private static boolean contains(String owner, String name, @Nullable String method) {
        return owner.isEmpty() || name.startsWith(owner + ".") || (owner.equals(name) && !FORWARD.equals(method));
    }

    /** The output of the last call of a module. */
    private String outputOf(String name) {
        Map<String, Step> steps = steps();
        return steps.values().stream()
                .filter(step -> step.kind().equals(CALL)
                        && FORWARD.equals(step.attribute())
                        && name.equals(path(step.inputs().getFirst(), steps)))
                .reduce((_, later) -> later)
                .map(Step::output)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the model does not call its module '%s', or only under a condition; name another"
                                .formatted(name)));
    }

    /** Of several outputs, that of the only one that ends in a linear layer. */
    private String givenToLastLayer() {
        Map<String, Step> steps = steps();
        Matcher result = RESULT.matcher(graph.toString());
        Step returned = result.find() ? steps.get(result.group(1)) : null;
        List<String> outputs = returned == null
                ? List.of()
                : returned.kind().equals(TUPLE) ? returned.inputs() : List.of(returned.output());
        List<String> found = outputs.stream()
                .map(output -> givenToLastLayer(steps.get(output), steps))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new IllegalArgumentException(
                "the model does not end in %s linear layer, whose input could be its features; name the module whose output is, one of %s"
                        .formatted(
                                found.isEmpty() ? "a" : "one",
                                modules().stream().limit(SHOWN).toList()));
    }

    private static @Nullable String givenToLastLayer(@Nullable Step output, Map<String, Step> steps) {
        Step step = output;
        while (step != null) {
            Integer given = LAST_LAYERS.get(step.kind());
            if (given != null) {
                return step.inputs().get(given);
            }
            step = AFTER.contains(step.kind()) ? steps.get(step.inputs().getFirst()) : null;
        }
        return null;
    }

    private Map<String, Step> steps() {
        Map<String, Step> steps = new LinkedHashMap<>();
        graph.toString().lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
            List<String> inputs = Arrays.stream(line.group(4).split(", ", -1))
                    .map(input -> input.replace("%", ""))
                    .toList();
            steps.put(line.group(1), new Step(line.group(1), line.group(2), line.group(3), inputs));
        });
        return steps;
    }

    /** The name of the module that a value of the graph is; empty for the model itself, null for no module. */
    private @Nullable String path(String value, Map<String, Step> steps) {
        Step step = steps.get(value);
        if (step == null) {
            return value.equals(graph.inputs().at(0).debugName().getString()) ? "" : null;
        }
        if (!step.kind().equals("prim::GetAttr")) {
            return null;
        }
        String owner = path(step.inputs().getFirst(), steps);
        return owner == null ? null : owner.isEmpty() ? step.attribute() : owner + "." + step.attribute();
    }

    private JitModule at(String path) {
        JitModule found = module;
        for (String name : path.isEmpty() ? new String[0] : path.split("\\.", -1)) {
            found = new JitModule(found.attr(name).toObject());
        }
        return found;
    }

    private Value value(String name) {
        for (JitNode node = graph.nodes().front();
                !node.kind().toQualString().getString().equals(RETURN);
                node = node.next()) {
            for (long i = 0; i < node.outputs().size(); i++) {
                if (node.output(i).debugName().getString().equals(name)) {
                    return node.output(i);
                }
            }
        }
        // What the last layer is given may be the image itself.
        return graph.inputs().at(1);
    }

    private List<String> modules() {
        List<String> names = new ArrayList<>();
        named_module_list modules = module.named_modules();
        for (named_module_iterator m = modules.begin(); m.notEquals(modules.end()); m.increment()) {
            BytePointer name = m.multiply().name();
            // The model itself has none.
            if (name != null && !name.isNull()) {
                names.add(name.getString());
            }
        }
        return names;
    }
}
