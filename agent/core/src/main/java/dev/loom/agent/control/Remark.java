package dev.loom.agent.control;

/**
 * A diagnostic as the MBeans show it.
 *
 * @param severity {@code ERROR}, {@code WARNING} or {@code INFO}
 * @param line from 1
 * @param column from 1
 * @param length characters of the filter's text that it is about, line ends included; 0 if not known
 */
public record Remark(String code, String severity, String file, int line, int column, int length, String message, String hint) {}
