package dev.loom.filter.diagnostic;

import java.util.Arrays;
import java.util.Optional;

/**
 * The catalogue of everything that the checker can say. A code is stable: its number is never given another meaning. Each has
 * a page {@code docs/diagnostics/LOOM-nnn.md} with an example and the cure.
 */
public enum DiagnosticCode {
    // 001 to 009: the text
    SYNTAX(1, Severity.ERROR, "syntax error"),
    ILLEGAL_CHARACTER(2, Severity.ERROR, "illegal character"),
    NOT_UTF8(3, Severity.ERROR, "the file is not UTF-8"),
    LIMIT(4, Severity.ERROR, "a limit is exceeded"),
    BAD_FILTER_NAME(5, Severity.ERROR, "bad filter name"),
    UNTERMINATED(6, Severity.ERROR, "text or comment without an end"),
    BAD_NUMBER(7, Severity.ERROR, "bad number, duration or literal"),
    TOO_MANY(8, Severity.ERROR, "too many remarks"),
    NO_CONSTRAINT(9, Severity.ERROR, "the filter constrains nothing"),

    // 010 to 019: names inside the filter
    DECLARED_TWICE(10, Severity.ERROR, "name declared twice"),
    UNKNOWN_NAME(11, Severity.ERROR, "unknown region or event"),
    WRONG_KIND(12, Severity.ERROR, "a region where an event is needed, or the reverse"),
    KEY_TWICE(13, Severity.ERROR, "key at the declaration and at the use"),
    KEYS_MIXED(14, Severity.ERROR, "some regions have a key and some have none"),
    SHARED_ALONE(15, Severity.ERROR, "a shared side that excludes nothing"),
    UNILATERAL_FORM(16, Severity.ERROR, "wrong form of a unilateral exclusion"),
    COUNT_MISPLACED(17, Severity.ERROR, "a count outside an order"),
    NEVER_USED(18, Severity.WARNING, "declared and never used"),

    // 020 to 029: classes, members and lines
    UNKNOWN_CLASS(20, Severity.ERROR, "unknown class"),
    UNKNOWN_MEMBER(21, Severity.ERROR, "unknown method"),
    NO_CODE_ON_LINE(22, Severity.ERROR, "no code on the line"),
    AMBIGUOUS_LINE(23, Severity.ERROR, "the line belongs to several method bodies"),
    AMBIGUOUS_FILE(24, Severity.ERROR, "the file name fits several classes"),
    SEVERAL_BODIES(25, Severity.ERROR, "a region whose events lie in different methods"),
    NO_BODY(26, Severity.ERROR, "abstract or native method"),
    INHERITED(27, Severity.ERROR, "the method is inherited"),
    UNREADABLE_CLASS(28, Severity.ERROR, "class file cannot be read"),
    NOT_FILTERABLE(29, Severity.ERROR, "class that cannot be filtered"),

    // 030 to 039: regions
    EXIT_UNREACHABLE(30, Severity.ERROR, "exit not reachable from the entry"),
    JUMP_INTO_REGION(31, Severity.ERROR, "a jump into the region passes no entry"),
    BEFORE_SUPER(32, Severity.ERROR, "constructor region before super(...)"),
    TOO_LARGE(33, Severity.ERROR, "the method would outgrow the bytecode limit"),
    AMBIGUOUS_MEMBER(34, Severity.ERROR, "the parameter types fit several methods"),
    CANNOT_WEAVE(35, Severity.ERROR, "code that cannot be woven"),
    SUSPENDS(36, Severity.ERROR, "a region with a suspension point inside"),

    // 040 to 049: keys
    KEY_NOT_IN_SCOPE(40, Severity.ERROR, "key not in scope at an entry"),
    KEY_FIELD(41, Severity.ERROR, "key names an unknown field"),
    KEYS_NEVER_EQUAL(42, Severity.ERROR, "keys that can never be equal"),
    KEY_OF_EVENT(43, Severity.ERROR, "different keys inside one region"),

    // 050 to 059: pins
    PIN_MISMATCH(50, Severity.ERROR, "pin does not match"),
    UNPINNED(51, Severity.WARNING, "filter without pins"),
    PIN_UNRELATED(52, Severity.WARNING, "pin of a method that the filter does not use"),

    // 060 to 069: order and unilateral constraints
    ORDER_IMPOSSIBLE(60, Severity.ERROR, "an order that one thread alone must violate"),
    // 061 and 062 said until 0.1.0 that an order, or a unilateral exclusion, was not enforced
    STOPS_ALL(63, Severity.WARNING, "a region that stops all other threads"),
    KEYS_FORGOTTEN(65, Severity.WARNING, "more keys than an order remembers"),
    EVENT_IN_MONITOR(66, Severity.WARNING, "an event that is waited for inside a monitor"),

    // 070 to 099: what to know although the filter is accepted
    WAITING_FOR_CLASS(70, Severity.INFO, "waiting for a class"),
    NO_LINE_TABLE(71, Severity.WARNING, "class without line table"),
    NO_VARIABLE_TABLE(72, Severity.WARNING, "class without variable table"),
    BLOCKING_CALL(73, Severity.WARNING, "a region that can block inside"),
    MONITOR_IMBALANCE(74, Severity.WARNING, "a region that overlaps a monitor"),
    SHARED_UPGRADE(75, Severity.WARNING, "from a shared side into another side"),
    LOCK_ORDER(76, Severity.WARNING, "locks that can be taken in opposite orders"),
    JDK_CLASS(77, Severity.WARNING, "a region in a class of the JDK"),
    JIT_LIMIT(78, Severity.WARNING, "a method that the JIT may refuse after weaving"),
    SYNCHRONIZED_METHOD(79, Severity.INFO, "region of a synchronized method"),
    ABSTRACT_OVERLOAD(80, Severity.WARNING, "an overload without body is left out"),
    NOT_HOT_PATCHABLE(81, Severity.WARNING, "a running frame that cannot be moved to new code"),
    CLASS_INIT(82, Severity.WARNING, "a region that meets the initialization of a class"),
    CONSTRUCTOR_KEY(83, Severity.WARNING, "a constructor by the object that it makes");

    private final int number;
    private final Severity severity;
    private final String title;

    DiagnosticCode(int number, Severity severity, String title) {
        this.number = number;
        this.severity = severity;
        this.title = title;
    }

    /** {@code LOOM-nnn}. */
    public String id() {
        return String.format("LOOM-%03d", number);
    }

    /** How much a remark of this code matters. */
    public Severity severity() {
        return severity;
    }

    /** What it is about, in a few words. */
    public String title() {
        return title;
    }

    /** The entry of {@code id}, for example {@code LOOM-020}. */
    public static Optional<DiagnosticCode> of(String id) {
        return Arrays.stream(values()).filter(c -> c.id().equals(id)).findFirst();
    }
}
