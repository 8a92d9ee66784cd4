package io.millrace.apidocs;

import io.millrace.event.HubError;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The errors that an operation can end with, for the OpenAPI document. Those that every operation can end with, or
 * every one with a body, go without saying: {@link OpenApiRefusals}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Refuses {

    HubError[] value();
}
