package io.millrace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Stops the start when a setting does not exist: a misspelt limit would otherwise be silently ignored. It checks all
 * names {@code millrace.*} in arguments, system properties, environment variables and files, before anything is
 * started. Variables {@code MILLRACE_…} that other software sets for its own purposes are ignored.
 */
final class UnknownSettings implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

    /** Variables that Kubernetes and Docker set in every container for a service with a name like {@code millrace}. */
    private static final Pattern SERVICE =
            Pattern.compile("MILLRACE_(?:\\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\\w+)?|PORT_\\d+_[A-Z]+(?:_[A-Z]+)?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(?:tcp|udp|sctp)://.*");

    private static final Map<String, String> PLACES = Map.of(
            "commandLineArgs", "an argument",
            "systemProperties", "a system property",
            "systemEnvironment", "an environment variable");

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        List<UnknownSettingException.Setting> unknown = find(context.getEnvironment(), SettingNames.read());
        if (!unknown.isEmpty()) {
            throw new UnknownSettingException(unknown);
        }
    }

    /** Runs after the initializers that add to the environment. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    static List<UnknownSettingException.Setting> find(ConfigurableEnvironment environment, SettingNames names) {
        List<UnknownSettingException.Setting> unknown = new ArrayList<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> settings) {
                for (String name : settings.getPropertyNames()) {
                    // A file that is an empty map, {}, has a setting without a name.
                    if (name != null && !isKnown(settings, name, names)) {
                        unknown.add(
                                new UnknownSettingException.Setting(name, place(settings, name), names.nearest(name)));
                    }
                }
            }
        }
        return unknown;
    }

    private static boolean isKnown(EnumerablePropertySource<?> source, String name, SettingNames names) {
        if (source instanceof SystemEnvironmentPropertySource) {
            String variable = name.toUpperCase(Locale.ROOT);
            return !variable.startsWith("MILLRACE_")
                    || names.existsAsVariable(variable)
                    || SERVICE.matcher(variable).matches()
                    || SERVICE_ADDRESS
                            .matcher(String.valueOf(source.getProperty(name)))
                            .matches();
        }
        return !name.toLowerCase(Locale.ROOT).startsWith(SettingNames.PREFIX) || names.exists(name);
    }

    private static String place(EnumerablePropertySource<?> source, String name) {
        String place = PLACES.get(source.getName());
        if (place != null) {
            return place;
        }
        Origin origin = OriginLookup.getOrigin(source, name);
        return origin == null ? source.getName() : origin.toString();
    }
}
