package io.millrace.stream;

import io.millrace.event.HubException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The members of a JSON object, taken one by one; those that nobody takes are refused at the end. */
final class Members {

    private final JsonNode object;
    private final String pointer;
    private final Set<String> taken = new HashSet<>();

    /** @param pointer where the object stands in the frame */
    Members(JsonNode object, String pointer) {
        this.object = object;
        this.pointer = pointer;
    }

    /** Whether there is such a member and it is not null. */
    boolean has(String member) {
        allow(member);
        return object.hasNonNull(member);
    }

    /** Lets the member be there, whatever it is. */
    void allow(String member) {
        taken.add(member);
    }

    /** The member if it is a string that may be repeated to the client. */
    @Nullable
    String peekText(String member) {
        JsonNode node = object.get(member);
        return node != null && node.isString() && node.stringValue().length() <= FrameReader.LONGEST_NAME
                ? node.stringValue()
                : null;
    }

    JsonNode any(String member) {
        allow(member);
        JsonNode node = object.get(member);
        if (node == null || node.isNull()) {
            throw wrong(member, "required", member + " is required");
        }
        return node;
    }

    String text(String member) {
        JsonNode node = any(member);
        if (!node.isString()) {
            throw wrong(member, "wrong_type", member + " must be a string");
        }
        return node.stringValue();
    }

    /** A name that the client has chosen: 1 to {@link FrameReader#LONGEST_NAME} characters. */
    String name(String member) {
        String text = text(member);
        if (text.isEmpty() || text.length() > FrameReader.LONGEST_NAME) {
            throw wrong(member, "out_of_range", member + " must have 1 to " + FrameReader.LONGEST_NAME + " characters");
        }
        return text;
    }

    long number(String member, long least, long most) {
        JsonNode node = any(member);
        if (!node.isIntegralNumber()) {
            throw wrong(member, "wrong_type", member + " must be an integer");
        }
        if (!node.canConvertToLong() || node.longValue() < least || node.longValue() > most) {
            throw wrong(member, "out_of_range", member + " must be " + least + " to " + most);
        }
        return node.longValue();
    }

    /** An array of 1 to so many elements. */
    List<JsonNode> array(String member, int most) {
        JsonNode node = any(member);
        if (!node.isArray()) {
            throw wrong(member, "wrong_type", member + " must be an array");
        }
        if (node.isEmpty() || node.size() > most) {
            throw wrong(member, "out_of_range", member + " must have 1 to " + most + " elements");
        }
        List<JsonNode> elements = new ArrayList<>(node.size());
        node.forEach(elements::add);
        return elements;
    }

    /** An array of 1 to so many objects. */
    List<Members> objects(String member, int most) {
        List<Members> objects = new ArrayList<>();
        List<JsonNode> elements = array(member, most);
        for (int i = 0; i < elements.size(); i++) {
            if (!elements.get(i).isObject()) {
                throw wrong(member + "/" + i, "wrong_type", member + " must be an array of objects");
            }
            objects.add(new Members(elements.get(i), pointer + "/" + member + "/" + i));
        }
        return objects;
    }

    /** Refuses what nobody has taken. */
    void checkAllKnown() {
        for (String member : object.propertyNames()) {
            if (!taken.contains(member)) {
                String escaped = member.replace("~", "~0").replace("/", "~1");
                throw wrong(escaped, "unknown_field", "there is no such member in this frame");
            }
        }
    }

    private HubException wrong(String member, String code, String detail) {
        return FrameReader.wrong(pointer + "/" + member, code, detail);
    }
}
