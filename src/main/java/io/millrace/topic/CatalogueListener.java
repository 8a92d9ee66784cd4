package io.millrace.topic;

/** Is notified when topics change. */
@FunctionalInterface
public interface CatalogueListener {

    /** Topics have changed, on any node; {@link TopicCatalogue#version} has the new version. Must not block. */
    void catalogueChanged();
}
