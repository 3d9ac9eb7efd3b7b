/**
 * What is dangerous, impossible or worth knowing about a filter whose names are resolved: one small class for each question,
 * all listed in {@link dev.loom.filter.check.Checks}.
 */
@org.jspecify.annotations.NullMarked
package dev.loom.filter.check;
