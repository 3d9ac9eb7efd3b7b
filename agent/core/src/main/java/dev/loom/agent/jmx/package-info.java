/** The agent as MBeans, adapted from {@link dev.loom.agent.control.FilterControl}. Start at {@link dev.loom.agent.jmx.MBeans}. */
package dev.loom.agent.jmx;
