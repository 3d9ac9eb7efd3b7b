package dev.loom.agent.control;

/**
 * A diagnostic as the MBeans show it.
 *
 * @param severity {@code ERROR}, {@code WARNING} or {@code INFO}
 * @param line from 1
 * @param column from 1
 */
public record Remark(String code, String severity, String file, int line, int column, String message, String hint) {}
