/** The control tool: {@code java -jar loom-agent.jar COMMAND}. Start at {@link dev.loom.ctl.LoomCtl}. */
package dev.loom.ctl;
