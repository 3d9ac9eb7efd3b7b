/** The Maven plugin: prepares a project's classes while it is built. Its only goal is {@link dev.loom.maven.WeaveMojo}. */
@org.jspecify.annotations.NullMarked
package dev.loom.maven;
