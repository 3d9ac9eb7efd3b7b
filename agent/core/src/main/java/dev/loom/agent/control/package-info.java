/**
 * What the agent can do, described once and adapted by the MBeans. Start at {@link dev.loom.agent.control.FilterControl}. A client reads what the
 * MBeans show into records and states of its own, of the same names, in {@code dev.loom.client}: the two sides of one contract, each of which may be
 * of another version.
 */
package dev.loom.agent.control;
