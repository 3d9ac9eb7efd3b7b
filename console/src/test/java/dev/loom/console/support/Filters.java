package dev.loom.console.support;

import java.util.concurrent.atomic.AtomicInteger;

/** Texts and names of filters for tests. */
public final class Filters {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Filters() {}

    /** A name that no other test uses. */
    public static String name(String what) {
        return what + "-" + NUMBER.incrementAndGet();
    }

    /** A correct filter; {@code about} tells {@link FakeAgent} what to do with it. */
    public static String text(String about) {
        return "about \"" + about + "\"\nregion r = com.acme.Bank#transfer\natomic r\n";
    }
}
