package io.millrace.apidocs;

import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Derives from the records that describe requests and answers what the OpenAPI document says of null: a component that
 * is {@link Nullable} may be null, any other is present and not null. In an answer nullable components are present,
 * too, except those marked {@code NOT_REQUIRED}.
 */
@Component
class ViewSchemas implements ModelConverter {

    private static final String NULL = "null";

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        if (!chain.hasNext()) {
            return null;
        }
        Schema<?> resolved = chain.next().resolve(type, context, chain);
        JavaType java = Json.mapper().constructType(type.getType());
        if (resolved != null && java != null && java.getRawClass().isRecord()) {
            String name = name(java.getRawClass());
            Schema<?> model = name == null ? null : context.getDefinedModels().get(name);
            if (model != null) {
                complete(model, java.getRawClass());
            }
        }
        return resolved;
    }

    @Override
    public boolean isOpenapi31() {
        return true;
    }

    private static @Nullable String name(Class<?> view) {
        var schema = view.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return schema == null ? null : schema.name();
    }

    @SuppressWarnings("rawtypes")
    private static void complete(Schema<?> model, Class<?> view) {
        boolean sent = SentByClient.class.isAssignableFrom(view);
        Map<String, Schema> properties = model.getProperties();
        for (RecordComponent component : view.getRecordComponents()) {
            Schema<?> property = properties.get(component.getName());
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (property == null) {
                continue;
            }
            if (nullable) {
                properties.put(component.getName(), orNull(property));
            }
            if (!(nullable && sent) && !mayBeMissing(view, component) && !isRequired(model, component)) {
                model.addRequiredItem(component.getName());
            }
        }
        if (sent) {
            model.setAdditionalProperties(false); // the hub refuses unknown fields
        }
    }

    private static boolean isRequired(Schema<?> model, RecordComponent component) {
        return model.getRequired() != null && model.getRequired().contains(component.getName());
    }

    private static boolean mayBeMissing(Class<?> view, RecordComponent component) {
        var schema = annotation(view, component);
        return schema != null
                && schema.requiredMode() == io.swagger.v3.oas.annotations.media.Schema.RequiredMode.NOT_REQUIRED;
    }

    /** The annotation's targets are fields and methods, so the component itself does not have it. */
    private static io.swagger.v3.oas.annotations.media.@Nullable Schema annotation(
            Class<?> view, RecordComponent component) {
        try {
            return view.getDeclaredField(component.getName())
                    .getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        } catch (NoSuchFieldException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Schema<?> orNull(Schema<?> property) {
        if (property.get$ref() != null) {
            return new Schema<>()
                    .description(property.getDescription())
                    .anyOf(List.of(new Schema<>().$ref(property.get$ref()), new Schema<>().types(Set.of(NULL))));
        }
        if (property.getAnyOf() == null && property.getTypes() != null) {
            Set<String> types = new LinkedHashSet<>(property.getTypes());
            types.add(NULL);
            property.setTypes(types);
            orNullOf(property);
        }
        return property;
    }

    /** The enum of a nullable field has to list null, too. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    private static void orNullOf(Schema property) {
        List values = property.getEnum();
        if (values != null && !values.contains(null)) {
            List<@Nullable Object> all = new java.util.ArrayList<>(values);
            all.add(null);
            property.setEnum(all);
        }
    }
}
