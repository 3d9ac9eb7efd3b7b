/**
 * Where class files come from: jars, directories, Spring Boot fat jars, a live JVM. Start at {@link dev.loom.filter.classes.ClassSource}.
 */
@org.jspecify.annotations.NullMarked
package dev.loom.filter.classes;
