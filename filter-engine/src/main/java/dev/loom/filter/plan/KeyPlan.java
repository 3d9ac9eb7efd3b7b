package dev.loom.filter.plan;

import java.util.List;
import java.util.Map;

/**
 * How the value of a key is taken at a region's entry.
 *
 * @param base where it starts
 * @param path instance fields followed from there; a null on the way gives the key {@code null}
 * @param text the key as the filter writes it
 */
public record KeyPlan(Base base, List<FieldRef> path, String text) {

    public KeyPlan {
        path = List.copyOf(path);
    }

    /** One field access. */
    public record FieldRef(String owner, String name, String desc) {}

    /** A local variable (JVMS 2.6.1) and its declared type. */
    public record Slot(int index, String desc) {}

    /** Where a key starts. */
    public sealed interface Base {
        /** The receiver, local 0. */
        record This() implements Base {}

        /**
         * A parameter or local variable. Its slot may differ from entry to entry.
         *
         * @param slots by entry line; under line 0 for a method region
         */
        record Local(String name, Map<Integer, Slot> slots) implements Base {
            public Local {
                slots = Map.copyOf(slots);
            }
        }

        /** A static field. */
        record Static(FieldRef field) implements Base {}

        /** A class literal. */
        record ClassLiteral(String internalName) implements Base {}

        /** An {@code Integer}, {@code Long}, {@code Double}, {@code Character}, {@code Boolean} or {@code String}. */
        record Literal(Object value) implements Base {}
    }
}
