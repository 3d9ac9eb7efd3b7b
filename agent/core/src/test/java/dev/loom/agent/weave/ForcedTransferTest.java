package dev.loom.agent.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Frames that move at every switch point compute what they would have computed. */
class ForcedTransferTest {

    private static Map<String, byte[]> classesOf(Class<?> type) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        classes.put(type.getName(), bytes(type));
        for (Class<?> inner : type.getDeclaredClasses()) {
            classes.put(inner.getName(), bytes(inner));
        }
        return classes;
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    @Test
    void a_frame_that_moves_at_every_switch_point_computes_the_same() throws Exception {
        String expected = TransferTarget.all();
        // child first for the target
        Map<String, byte[]> renamed = new HashMap<>();
        for (Map.Entry<String, byte[]> entry : classesOf(TransferTarget.class).entrySet()) {
            renamed.put(entry.getKey(), entry.getValue());
        }
        ClassLoader loader = new ChildFirst(renamed);
        long before = ForcedGuards.FORCED.get();
        Object actual = loader.loadClass(TransferTarget.class.getName()).getMethod("all").invoke(null);
        assertEquals(expected, actual);
        assertTrue(ForcedGuards.FORCED.get() - before > 300, "only " + (ForcedGuards.FORCED.get() - before) + " guards were on: nothing was tested");
    }

    private static final class ChildFirst extends ClassLoader {
        private final Map<String, byte[]> classes;

        ChildFirst(Map<String, byte[]> classes) {
            super(ForcedTransferTest.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] woven = WeavingLoader.neutral(WeavingLoader.FORCED, bytes, n -> Optional.empty());
            return defineClass(name, woven, 0, woven.length);
        }
    }
}
