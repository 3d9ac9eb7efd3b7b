/** What the agent can do, described once and adapted by the MBeans. Start at {@link dev.loom.agent.control.FilterControl}. */
package dev.loom.agent.control;
