package io.millrace.topic;

/** Somebody to whom it matters which topics there are. */
@FunctionalInterface
public interface CatalogueListener {

    /** Topics have changed, on whatever node; {@link TopicCatalogue#version} tells. Must not block. */
    void catalogueChanged();
}
