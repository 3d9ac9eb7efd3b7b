/**
 * The life of a filter in this JVM: checked, installed, replaced, removed, and what it reports meanwhile. Start at {@link
 * dev.loom.agent.filter.FilterManager}.
 */
package dev.loom.agent.filter;
