package dev.loom.client;

/**
 * A diagnostic of the checker, with the names that the control tool, REST and the MBeans share.
 *
 * @param severity {@code ERROR}, {@code WARNING} or {@code INFO}
 * @param line from 1
 * @param column from 1
 */
public record Remark(String code, String severity, String file, int line, int column, String message, String hint) {

    /** Whether it rejects the filter. */
    public boolean rejects() {
        return severity.equals("ERROR");
    }
}
