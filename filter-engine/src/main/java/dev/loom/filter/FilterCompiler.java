package dev.loom.filter;

import dev.loom.filter.classes.ClassSource;

/** Compiles the text of a filter against class files. Thread-safe; never throws for what a user wrote. */
public final class FilterCompiler {

    private FilterCompiler() {}

    /**
     * Parses, resolves and checks a filter.
     *
     * @param fileName for people, in the diagnostics
     * @param text the filter
     * @param defaultName name of a filter without a wrapper
     * @param classes where the classes are
     */
    public static CompileResult compile(String fileName, String text, String defaultName, ClassSource classes) {
        throw new UnsupportedOperationException("in work");
    }
}
