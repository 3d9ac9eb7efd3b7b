package dev.loom.filter.classes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

class ClassHeaderTest {

    private interface Face {}

    private static byte[] file(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    @Test
    void says_what_asm_says() throws IOException {
        for (Class<?> type : List.of(ClassHeaderTest.class, Face.class, Object.class, List.class, ConcurrentHashMap.class, Override.class, Thread.State.class)) {
            ClassReader reader = new ClassReader(file(type));
            ClassHeader header = ClassHeader.of(file(type));
            assertEquals(reader.getSuperName(), header.superName(), type.getName());
            assertEquals((reader.getAccess() & Opcodes.ACC_INTERFACE) != 0, header.isInterface(), type.getName());
        }
    }

    @Test
    void an_interface_and_a_class_of_the_same_parent_have_different_texts() throws IOException {
        assertNotEquals(ClassHeader.of(file(Face.class)).text(), ClassHeader.of(file(ClassHeaderTest.class)).text());
    }

    @Test
    void what_is_no_class_file_is_refused() throws IOException {
        byte[] whole = file(ClassHeaderTest.class);
        for (int length : new int[] {0, 5, 9, 40, 300}) {
            assertThrows(IllegalArgumentException.class, () -> ClassHeader.of(Arrays.copyOf(whole, Math.min(length, 300))), length + " bytes of a class file");
        }
        assertThrows(IllegalArgumentException.class, () -> ClassHeader.of("no class file, but text".getBytes()));
    }
}
