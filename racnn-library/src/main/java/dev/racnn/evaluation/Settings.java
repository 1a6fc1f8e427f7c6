package dev.racnn.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Settings of any kind as name and value, for people to read. */
public final class Settings {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Settings() {}

    /**
     * The components of a record, those of records in it as {@code outer.inner}.
     *
     * @return in the order of the components
     */
    public static Map<String, String> flatten(Record settings) {
        return flatten(JSON.<JsonNode>valueToTree(settings));
    }

    /** The leaves of a tree; those of a branch as {@code branch.leaf}. */
    public static Map<String, String> flatten(JsonNode tree) {
        Map<String, String> flat = new LinkedHashMap<>();
        flatten("", tree, flat);
        return flat;
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> flat) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String name = prefix + entry.getKey();
            JsonNode value = entry.getValue();
            if (value.isObject()) {
                flatten(name + ".", value, flat);
            } else {
                flat.put(name, value.isString() ? value.asString() : value.toString());
            }
        }
    }
}
