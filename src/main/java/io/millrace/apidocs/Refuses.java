package io.millrace.apidocs;

import io.millrace.event.HubError;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The errors that an operation can end with, for the OpenAPI document. {@link OpenApiRefusals} adds those that all
 * operations can end with, or all with a body.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Refuses {

    HubError[] value();
}
