package dev.loom.filter.weave.body;

import dev.loom.filter.plan.KeyPlan;
import org.jspecify.annotations.Nullable;

/**
 * The text that tells a hook where its key, or its count, comes from, as {@code HookLinker} reads it:
 *
 * <pre>
 *   source   empty for no key, or literal, or start { '|' field }
 *   start    'arg'                  what woven code has pushed: the receiver or a local variable
 *            'class:' internal name
 *            'static:' field
 *   field    owner '#' name '#' descriptor
 *   literal  'lit:' kind ':' value  kind I (int and long), D (float and double), C (as a number), Z or S
 * </pre>
 */
public final class KeySource {

    private KeySource() {}

    /** The text for a key; empty for none. */
    public static String of(@Nullable KeyPlan key) {
        if (key == null) {
            return "";
        }
        StringBuilder text = new StringBuilder(start(key.base()));
        for (KeyPlan.FieldRef field : key.path()) {
            text.append('|').append(step(field));
        }
        return text.toString();
    }

    private static String start(KeyPlan.Base base) {
        if (base instanceof KeyPlan.Base.Static field) {
            return "static:" + step(field.field());
        }
        if (base instanceof KeyPlan.Base.ClassLiteral literal) {
            return "class:" + literal.internalName();
        }
        return base instanceof KeyPlan.Base.Literal literal ? literal(literal.value()) : "arg";
    }

    private static String step(KeyPlan.FieldRef field) {
        return field.owner() + "#" + field.name() + "#" + field.desc();
    }

    private static String literal(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return "lit:D:" + value;
        }
        if (value instanceof Character c) {
            return "lit:C:" + (int) c;
        }
        if (value instanceof Boolean) {
            return "lit:Z:" + value;
        }
        return value instanceof String ? "lit:S:" + value : "lit:I:" + value;
    }
}
