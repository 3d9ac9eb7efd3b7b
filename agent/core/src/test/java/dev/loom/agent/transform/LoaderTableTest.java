package dev.loom.agent.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LoaderTableTest {

    /** Its equals and hashCode are the application's. */
    private static final class Same extends ClassLoader {
        @Override
        public boolean equals(Object other) {
            throw new IllegalStateException("the application's equals was called");
        }

        @Override
        public int hashCode() {
            throw new IllegalStateException("the application's hashCode was called");
        }
    }

    @Test
    void loaders_are_told_apart_by_identity_and_nothing_of_theirs_is_called() {
        LoaderTable<String> table = new LoaderTable<>();
        ClassId one = new ClassId(new Same(), "com/acme/Bank");
        ClassId other = new ClassId(new Same(), "com/acme/Bank");
        ClassId boot = new ClassId(null, "com/acme/Bank");
        table.put(one, "one");
        table.put(other, "other");
        table.put(boot, "boot");
        assertEquals("one", table.get(one));
        assertEquals("other", table.get(other));
        assertEquals("boot", table.get(boot));
        assertTrue(table.replace(one, "one", "more"));
        assertFalse(table.replace(one, "one", "most"));
        assertEquals("more", table.get(one));
        table.clear();
        assertNull(table.get(one));
    }
}
