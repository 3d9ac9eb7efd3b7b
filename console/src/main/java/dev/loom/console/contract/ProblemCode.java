package dev.loom.console.contract;

/** What can go wrong for a user of the console: stable code, HTTP status and title. */
public enum ProblemCode {
    // the checker's own codes, for what the console says before the checker is asked
    NOT_UTF8("LOOM-003", 422, "The text is not UTF-8"),
    TOO_LARGE("LOOM-004", 413, "Too large"),
    BAD_FILTER_NAME("LOOM-005", 422, "Bad filter name"),

    FILTER_NOT_FOUND("LOOM-801", 404, "No such filter"),
    FILTER_EXISTS("LOOM-802", 409, "There is a filter of that name"),
    VERSION_CHANGED("LOOM-803", 412, "Somebody else changed it"),
    VERSION_REQUIRED("LOOM-804", 428, "If-Match is missing"),
    FILTER_REJECTED("LOOM-805", 422, "The filter has errors"),
    FILTER_IN_USE("LOOM-808", 409, "The filter is enabled"),
    FILTER_VERSION_NOT_FOUND("LOOM-809", 404, "No such version of the filter"),

    TARGET_NOT_FOUND("LOOM-811", 404, "No such JVM"),
    TARGET_EXISTS("LOOM-812", 409, "The JVM is already there"),
    TARGET_UNREACHABLE("LOOM-813", 409, "The JVM cannot be reached"),
    AGENT_MISSING("LOOM-814", 409, "There is no Loom agent in the JVM"),
    TARGET_TIMEOUT("LOOM-815", 504, "The JVM has not answered in time"),
    ATTACH_FAILED("LOOM-816", 422, "Attaching failed"),
    BAD_ADDRESS("LOOM-817", 422, "Not an address of a JVM"),
    WRONG_PASSWORD("LOOM-818", 409, "The JVM refused the user or password"),
    FILTER_NOT_ON_TARGET("LOOM-819", 404, "The filter is not in that JVM"),
    AGENT_REFUSED("LOOM-820", 409, "The agent refused"),
    AGENT_FAULT("LOOM-821", 502, "The agent failed"),
    TARGET_IN_USE("LOOM-822", 409, "Filters are enabled in the JVM"),
    AGENT_TOO_OLD("LOOM-823", 409, "The agent is too old"),
    FIND_UNDER_WAY("LOOM-824", 409, "Races are being looked for there"),

    DEPLOYMENT_NOT_FOUND("LOOM-831", 404, "No such deployment"),
    DEPLOYMENT_BUSY("LOOM-832", 409, "The filter is being installed there"),
    DEPLOYMENT_STATE("LOOM-833", 409, "Not possible in this state"),
    NO_TARGETS("LOOM-834", 422, "No JVM chosen"),
    BAD_OPTION("LOOM-835", 422, "Not an option"),

    UNAUTHENTICATED("LOOM-841", 401, "Not logged in"),
    FORBIDDEN("LOOM-842", 403, "Not allowed"),
    CSRF("LOOM-843", 403, "The form is out of date"),
    TOO_MANY_LOGINS("LOOM-844", 429, "Too many failed logins"),
    TOKEN_NOT_FOUND("LOOM-845", 404, "No such token"),
    ACCOUNT_NOT_FOUND("LOOM-846", 404, "No such account"),
    ACCOUNT_EXISTS("LOOM-847", 409, "There is an account of that name"),
    LAST_ADMIN("LOOM-848", 409, "The last administrator"),
    OUT_OF_SCOPE("LOOM-849", 403, "Outside the scope"),

    NOTIFIER_NOT_FOUND("LOOM-836", 404, "No such notifier"),
    BAD_DESTINATION("LOOM-837", 422, "Nothing is sent there"),

    BAD_REQUEST("LOOM-851", 400, "The request is not understood"),
    NOT_FOUND("LOOM-852", 404, "Nothing here"),
    METHOD_NOT_ALLOWED("LOOM-853", 405, "Not possible here"),
    NOT_ACCEPTABLE("LOOM-854", 406, "Not in that format"),
    UNSUPPORTED_MEDIA_TYPE("LOOM-855", 415, "Not in that format"),
    IDEMPOTENCY_KEY_REUSED("LOOM-856", 422, "The Idempotency-Key was used for another request"),
    IDEMPOTENCY_KEY_BUSY("LOOM-857", 409, "The first request with that Idempotency-Key is still at work"),
    TOO_MANY("LOOM-859", 429, "Too many at once"),
    TOO_SLOW("LOOM-860", 408, "Too slow"),
    UNAVAILABLE("LOOM-858", 503, "Not available now"),
    INTERNAL("LOOM-899", 500, "The console failed");

    private final String code;
    private final int status;
    private final String title;

    ProblemCode(String code, int status, String title) {
        this.code = code;
        this.status = status;
        this.title = title;
    }

    /** Stable name, {@code LOOM-nnn}. */
    public String code() {
        return code;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** A few words for people. */
    public String title() {
        return title;
    }
}
