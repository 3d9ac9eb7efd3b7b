package dev.loom.console.deployment;

import java.util.List;

/**
 * Which JVMs a selector takes now.
 *
 * @param jvms how many
 * @param names of the first of them, in order
 */
public record SelectorPreview(String selector, int jvms, List<String> names) {}
