package dev.loom.filter.classes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;

/** The classes of the JDK that this code runs on, read as resources; used to follow superclasses and fields into the JDK. */
public final class JdkClasses implements ClassSource {

    private static final JdkClasses INSTANCE = new JdkClasses();

    private JdkClasses() {}

    /** The only one; it has no state. */
    public static ClassSource instance() {
        return INSTANCE;
    }

    /** Whether a class of this name belongs to the JDK and not to an application. */
    public static boolean isJdk(String internalName) {
        return internalName.startsWith("java/")
                || internalName.startsWith("jdk/")
                || internalName.startsWith("sun/")
                || internalName.startsWith("com/sun/")
                || internalName.startsWith("javax/") && INSTANCE.find(internalName).isPresent();
    }

    @Override
    public Optional<byte[]> find(String internalName) {
        String file = internalName + ".class";
        // most are in java.base, which answers without the detour over a URL
        try (InputStream base = internalName.startsWith("java/") ? Object.class.getModule().getResourceAsStream(file) : null;
                InputStream in = base != null ? base : ClassLoader.getPlatformClassLoader().getResourceAsStream(file)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + internalName + " of the JDK", e);
        }
    }

    @Override
    public Set<String> names() {
        return Set.of();
    }
}
