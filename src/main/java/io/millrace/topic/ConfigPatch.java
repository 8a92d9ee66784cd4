package io.millrace.topic;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.Violation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A change of some settings, with the meaning of a JSON merge patch (RFC 7396): a named setting is replaced, or reset
 * to its default; the others stay.
 */
public final class ConfigPatch {

    /** Changes nothing. */
    public static final ConfigPatch NONE = new ConfigPatch(Map.of());

    /** Bounds the answer, which would otherwise grow with the request. */
    private static final int MAX_VIOLATIONS = 16;

    private final Map<ConfigKey, Optional<Object>> changes;

    private ConfigPatch(Map<ConfigKey, Optional<Object>> changes) {
        this.changes = changes;
    }

    /** Reads the field {@code config} of a client's request, as {@link #of(Map, Function)} does. */
    public static ConfigPatch of(Map<String, Optional<Object>> changes) {
        return of(changes, name -> Place.field("config", name));
    }

    /**
     * Reads a client's patch.
     *
     * @param changes values by the names of settings: {@code Long} or {@code String} as the setting requires, empty for
     *     its default; other types are refused as wrong values
     * @param places where in the request a setting of that name is
     * @throws HubException {@link HubError#INVALID_CONFIG}, with a violation for each unknown name and wrong value, at
     *     most {@value #MAX_VIOLATIONS}
     */
    public static ConfigPatch of(Map<String, Optional<Object>> changes, Function<String, Place> places) {
        Map<ConfigKey, Optional<Object>> known = new EnumMap<>(ConfigKey.class);
        List<Violation> violations = new ArrayList<>();
        changes.forEach((name, value) -> ConfigKey.of(name)
                .ifPresentOrElse(
                        key -> {
                            if (value.isEmpty() || key.allows(value.get())) {
                                known.put(key, value);
                            } else {
                                violations.add(key.violation(places.apply(name)));
                            }
                        },
                        () -> violations.add(unknown(places.apply(name)))));
        if (!violations.isEmpty()) {
            throw new HubException(
                    HubError.INVALID_CONFIG,
                    violations.getFirst().detail(),
                    violations.subList(0, Math.min(violations.size(), MAX_VIOLATIONS)),
                    Map.of());
        }
        return new ConfigPatch(known);
    }

    /** The configuration after this change. */
    public TopicConfig applyTo(TopicConfig config) {
        TopicConfig changed = config;
        for (Map.Entry<ConfigKey, Optional<Object>> change : changes.entrySet()) {
            ConfigKey key = change.getKey();
            changed = key.set(changed, change.getValue().orElseGet(() -> TopicConfig.DEFAULTS.value(key)));
        }
        return changed;
    }

    private static Violation unknown(Place place) {
        return new Violation(place, "unknown_config", "there is no such setting");
    }
}
