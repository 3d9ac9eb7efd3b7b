package dev.loom.filter.explain;

import java.util.List;

/**
 * What the code of one source line does.
 *
 * @param line from 1; 0 for code of which the class does not say the line
 * @param does in order, each once: {@code calls Account#debit}, {@code writes Bank.total}, {@code goes back to 40}
 */
public record ListedLine(int line, List<String> does) {

    public ListedLine {
        does = List.copyOf(does);
    }
}
