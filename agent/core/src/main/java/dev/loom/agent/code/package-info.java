/**
 * What is woven where: the versions of all filters, the classes that carry their hooks, and how both come and go. Start at {@link
 * dev.loom.agent.code.WovenCode}; the polls of {@code r <> *} are in {@link dev.loom.agent.code.PolledCode},
 * and classes that load or are redefined later get their hooks in {@link dev.loom.agent.code.LateWeaving}.
 */
package dev.loom.agent.code;
