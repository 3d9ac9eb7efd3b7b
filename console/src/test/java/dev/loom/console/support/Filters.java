package dev.loom.console.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

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

    /** A jar with one class. */
    public static byte[] jar(Class<?> type) throws IOException {
        String file = type.getName().replace('.', '/') + ".class";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes);
                InputStream in = type.getClassLoader().getResourceAsStream(file)) {
            out.putNextEntry(new ZipEntry(file));
            in.transferTo(out);
        }
        return bytes.toByteArray();
    }
}
