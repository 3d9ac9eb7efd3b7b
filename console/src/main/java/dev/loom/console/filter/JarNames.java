package dev.loom.console.filter;

import java.util.List;
import java.util.Map;

/**
 * The names in a jar, for an editor.
 *
 * @param classes methods by class, {@code transfer}, and {@code transfer(Account,long)} where there are several of a name
 * @param complete whether these are all; a bound is reached otherwise
 */
record JarNames(Map<String, List<String>> classes, boolean complete) {}
