package dev.loom.filter.syntax;

/** The limits of a filter's text. Each is reported when it is exceeded; all are far above what people write. */
public final class Limits {

    /** Size of a file, in bytes of UTF-8. */
    public static final int FILE_BYTES = 1 << 20;

    /** Words and signs in a file: a bound on the memory that a file of noise can take. */
    public static final int TOKENS = 200_000;

    /** Characters of a name, dots and nested class names included. */
    public static final int NAME_LENGTH = 500;

    /** Characters of a quoted text. */
    public static final int STRING_LENGTH = 4_000;

    /** Statements in a filter. */
    public static final int STATEMENTS = 1_000;

    /** Sides of one exclusion, events of one order. */
    public static final int CHAIN = 100;

    /** Events before, and behind, the semicolon of a region. */
    public static final int EVENTS = 100;

    /** Fields of one key. */
    public static final int KEY_PATH = 20;

    /** Parameters of a method (JVMS 4.3.3), and dimensions of an array. */
    public static final int PARAMETERS = 255;

    /** Patterns of one scope. */
    public static final int PATTERNS = 100;

    /** Highest line number that a class file can hold (JVMS 4.7.12). */
    public static final int LINE = 65_535;

    private Limits() {}
}
