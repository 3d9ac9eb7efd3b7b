package dev.loom.filter.resolve;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Printable;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.plan.KeyPlan;
import dev.loom.filter.plan.KeyPlan.FieldRef;
import dev.loom.filter.plan.KeyPlan.Slot;
import dev.loom.filter.syntax.Key;
import dev.loom.filter.syntax.Name;
import dev.loom.filter.syntax.SourceText;
import dev.loom.filter.syntax.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;

/** Finds where the value of a key comes from: a local variable, a field of one, a static field, a constant. */
final class Keys {

    /** Deepest nesting of classes that an enclosing instance is looked for in. */
    private static final int MAX_NESTING = 20;

    private final ResolutionContext context;

    Keys(ResolutionContext context) {
        this.context = context;
    }

    /** A key and what its values can be. */
    record Resolved(KeyPlan plan, KeyType type) {}

    /**
     * Resolves a key at the entries of a region.
     *
     * @param entries lines; empty for a method region
     * @return empty if the key is not in scope, which has been reported, or needs a class that is waited for
     */
    Optional<Resolved> resolve(Key key, Body body, SortedSet<Integer> entries) {
        return Optional.ofNullable(new Search(key, body, entries).run());
    }

    /** The search for one key. */
    private final class Search {

        private final Key key;
        private final Body body;
        private final SortedSet<Integer> entries;
        private final Variables variables;
        private final String text;

        Search(Key key, Body body, SortedSet<Integer> entries) {
            this.key = key;
            this.body = body;
            this.entries = entries;
            this.variables = new Variables(body);
            this.text = SourceText.of(key);
        }

        @Nullable Resolved run() {
            if (key.base() instanceof Key.Base.Literal literal) {
                KeyType type = KeyType.ofLiteral(literal.value());
                return finish(new KeyPlan.Base.Literal(literal.value()), List.of(), type.desc(), key.path(), literal.value());
            } else if (key.base() instanceof Key.Base.ClassLiteral literal) {
                return context.type(literal.type())
                        .map(c -> finish(
                                new KeyPlan.Base.ClassLiteral(c.name), List.of(), "Ljava/lang/Class;", key.path(),
                                        Names.shown(c.name)))
                        .orElse(null);
            } else if (key.base() instanceof Key.Base.This) {
                return hasThis() ? finish(new KeyPlan.Base.This(), List.of(), descOf(body.owner()), key.path(), null) : null;
            } else if (key.base() instanceof Key.Base.Outer outer) {
                return outer(outer);
            } else if (key.base() instanceof Key.Base.Parameter parameter) {
                return parameter(parameter.number());
            }
            return variable(((Key.Base.Variable) key.base()).name());
        }

        private boolean hasThis() {
            if (!body.isStatic()) {
                return true;
            }
            boolean lambda = body.method().name.startsWith("lambda$");
            report(
                    body.shown() + " is static and has no 'this'",
                    lambda
                            ? "a lambda that uses nothing of its object is compiled to a static method: name one of its "
                                    + "parameters"
                            : "name a parameter, or " + Names.shown(body.owner().name) + ".class for one lock for all");
            return false;
        }

        private @Nullable Resolved outer(Key.Base.Outer outer) {
            Optional<ClassNode> wanted = context.type(outer.type());
            if (wanted.isEmpty() || !hasThis()) {
                return null;
            }
            List<FieldRef> path = new ArrayList<>();
            ClassNode exact = enclosing(path, c -> c.name.equals(wanted.get().name));
            if (exact == null) {
                path.clear();
                exact = enclosing(path, c -> context.classes().isBelow(c.name, wanted.get().name).orElse(false));
            }
            if (exact == null) {
                report(
                        "there is no " + text.substring(0, text.indexOf(".this") + 5) + " in " + body.shown(),
                        "the class is not inside " + Names.shown(wanted.get().name)
                                + ", is static, or its compiler left the unused reference to it out");
                return null;
            }
            return finish(new KeyPlan.Base.This(), path, descOf(exact), key.path(), null);
        }

        /** The nearest class, from this one outwards, that fits; the fields that lead to it are added to the path. */
        private @Nullable ClassNode enclosing(List<FieldRef> path, java.util.function.Predicate<ClassNode> fits) {
            ClassNode at = body.owner();
            for (int depth = 0; depth < MAX_NESTING && at != null; depth++) {
                if (fits.test(at)) {
                    return at;
                }
                FieldNode outward = outwardField(at);
                if (outward == null) {
                    return null;
                }
                path.add(new FieldRef(at.name, outward.name, outward.desc));
                at = context.classes().known(internal(outward.desc)).orElse(null);
            }
            return null;
        }

        private static @Nullable FieldNode outwardField(ClassNode owner) {
            for (FieldNode field : owner.fields) {
                if (field.name.startsWith("this$") && (field.access & Opcodes.ACC_SYNTHETIC) != 0 && field.desc.startsWith("L")) {
                    return field;
                }
            }
            // before Java 5 compilers marked it with an attribute that ASM shows as the same flag; some marked it not at all
            return owner.fields.stream().filter(f -> f.name.startsWith("this$")
                    && f.desc.startsWith("L")).findFirst().orElse(null);
        }

        private @Nullable Resolved parameter(int number) {
            if (number > variables.parameters()) {
                report(
                        body.shown() + " has " + (variables.parameters() == 0 ? "no parameters" : variables.parameters()
                                + " parameters"),
                        variables.parameters() == 0 ? "" : "the last one is $" + variables.parameters());
                return null;
            }
            return local("$" + number, variables.parameter(number));
        }

        private @Nullable Resolved variable(Name name) {
            if (entries.isEmpty()) {
                Optional<Slot> slot = variables.parameter(name.text());
                if (slot.isPresent()) {
                    return local(name.text(), slot.get());
                }
            } else {
                Map<Integer, Slot> slots = new TreeMap<>();
                for (int line : entries) {
                    variables.onLine(line, name.text()).ifPresent(s -> slots.put(line, s));
                }
                if (slots.size() == entries.size()) {
                    Slot first = slots.values().iterator().next();
                    return finish(new KeyPlan.Base.Local(name.text(), slots), List.of(), first.desc(), key.path(), null);
                }
                if (!slots.isEmpty()) {
                    notEverywhere(name, slots);
                    return null;
                }
            }
            return field(name);
        }

        private void notEverywhere(Name name, Map<Integer, Slot> slots) {
            int missing = entries.stream().filter(l -> !slots.containsKey(l)).findFirst().orElseThrow();
            report(
                    Printable.of(name.text()) + " is in scope at the entry in line " + slots.keySet().iterator().next()
                            + ", but not at the one in line "
                            + missing,
                    "name something that all entries have; in line " + missing + " that is "
                            + Names.list(variables.namesOn(missing), 10));
        }

        /** A captured variable, a field of this or an enclosing object, a static field. */
        private @Nullable Resolved field(Name name) {
            for (FieldNode captured : body.owner().fields) {
                if (captured.name.equals("val$" + name.text()) && !body.isStatic()) {
                    FieldRef field = new FieldRef(body.owner().name, captured.name, captured.desc);
                    return finish(new KeyPlan.Base.This(), List.of(field), captured.desc, key.path(), null);
                }
            }
            List<FieldRef> outward = new ArrayList<>();
            ClassNode holder = enclosing(outward, c -> context.classes().field(c, name.text()).isPresent());
            if (holder != null) {
                ClassTable.Field field = context.classes().field(holder, name.text()).orElseThrow();
                FieldRef ref = new FieldRef(field.owner().name, field.node().name, field.node().desc);
                if (field.isStatic()) {
                    return finish(new KeyPlan.Base.Static(ref), List.of(), ref.desc(), key.path(), null);
                }
                if (!body.isStatic()) {
                    outward.add(ref);
                    return finish(new KeyPlan.Base.This(), outward, ref.desc(), key.path(), null);
                }
            }
            return staticField(name);
        }

        private @Nullable Resolved staticField(Name name) {
            StringBuilder type = new StringBuilder(name.text());
            for (int i = 0; i < key.path().size(); i++) {
                Optional<ClassNode> owner = context.typeIfPresent(type.toString());
                if (owner.isPresent()) {
                    return staticField(owner.get(), i);
                }
                type.append('.').append(key.path().get(i).text());
            }
            notInScope(name);
            return null;
        }

        private @Nullable Resolved staticField(ClassNode owner, int place) {
            Name name = key.path().get(place);
            context.named().add(owner.name);
            Optional<ClassTable.Field> field = context.classes().field(owner, name.text());
            if (field.isEmpty() || !field.get().isStatic()) {
                context.report(
                        DiagnosticCode.KEY_FIELD,
                        name.span(),
                        Names.shown(owner.name) + " has no static field " + Printable.of(name.text()),
                        nearFields(owner, name.text(), true));
                return null;
            }
            FieldRef ref = new FieldRef(field.get().owner().name, name.text(), field.get().node().desc);
            return finish(new KeyPlan.Base.Static(ref), List.of(), ref.desc(), key.path().subList(place + 1, key.path().size()),
                    null);
        }

        private void notInScope(Name name) {
            String shown = Printable.of(name.text());
            SortedSet<Integer> lines = variables.linesOf(name.text());
            if (!lines.isEmpty()) {
                report(
                        shown + " is not in scope " + where() + "; it is in " + (lines.size() == 1 ? "line " : "lines from ")
                                + lines.first()
                                + (lines.size() == 1 ? "" : " to " + lines.last()),
                        "enter the region where it is in scope, or name something else");
                return;
            }
            if (!variables.hasTable() && body.method().instructions.size() > 0) {
                report(
                        shown + " is not known in " + body.shown() + ": the class was compiled without a variable table",
                        variables.parameters() == 0 ? "name a field, or compile with -g"
                                : "write $1, $2 … for parameters, or compile with -g");
                return;
            }
            List<String> names = variables.namesOn(entries.isEmpty() ? 0 : entries.first());
            List<String> near = Spelling.near(name.text(), names.stream());
            report(
                    "nothing called " + shown + " is in scope " + where(),
                    !near.isEmpty()
                            ? "did you mean " + String.join(" or ", near) + "?"
                            : names.isEmpty() ? "there are no variables in scope" : "in scope there is " + Names.list(names, 10));
        }

        private String where() {
            return entries.isEmpty() ? "in " + body.shown() : "at the entry in line " + entries.first() + " of " + body.shown();
        }

        private @Nullable Resolved local(String name, Slot slot) {
            Map<Integer, Slot> slots = new TreeMap<>();
            if (entries.isEmpty()) {
                slots.put(0, slot);
            }
            entries.forEach(l -> slots.put(l, slot));
            return finish(new KeyPlan.Base.Local(name, slots), List.of(), slot.desc(), key.path(), null);
        }

        /** Follows the fields of the key from a base that is found. */
        private @Nullable Resolved finish(
                KeyPlan.Base base, List<FieldRef> before, String desc, List<Name> fields, @Nullable Object literal) {
            List<FieldRef> path = new ArrayList<>(before);
            String at = desc;
            for (Name name : fields) {
                if (!at.startsWith("L")) {
                    context.report(
                            DiagnosticCode.KEY_FIELD,
                            name.span(),
                            "a value of type " + Type.getType(at).getClassName() + " has no field " + Printable.of(name.text()),
                            "end the key before it");
                    return null;
                }
                Optional<ClassNode> type = context.classes().known(internal(at));
                if (type.isEmpty()) {
                    unknownType(internal(at), name.span());
                    return null;
                }
                Optional<ClassTable.Field> field = context.classes().field(type.get(), name.text());
                if (field.isEmpty() || field.get().isStatic()) {
                    context.report(
                            DiagnosticCode.KEY_FIELD,
                            name.span(),
                            Names.shown(type.get().name) + " has no " + (field.isPresent() ? "instance " : "") + "field "
                                    + Printable.of(name.text()),
                            field.isPresent()
                                    ? "it is static: write " + Names.shown(field.get().owner().name) + "." + name.text()
                                    : nearFields(type.get(), name.text(), false));
                    return null;
                }
                at = field.get().node().desc;
                path.add(new FieldRef(field.get().owner().name, name.text(), at));
            }
            return new Resolved(new KeyPlan(base, path, text), new KeyType(at, path.isEmpty() ? literal : null));
        }

        private void unknownType(String internalName, Span span) {
            if (context.classes().mayGrow()) {
                context.named().add(internalName);
                context.waitFor(internalName, span, "the key reads a field of it");
            } else {
                context.report(
                        DiagnosticCode.KEY_FIELD,
                        span,
                        "the class " + Names.shown(internalName) + ", which should have this field, is not among the given ones",
                        "add its jar or directory");
            }
        }

        private String nearFields(ClassNode type, String wanted, boolean isStatic) {
            List<String> fields = type.fields.stream()
                    .filter(f -> ((f.access & Opcodes.ACC_STATIC) != 0) == isStatic)
                    .map(f -> f.name)
                    .toList();
            List<String> near = Spelling.near(wanted, fields.stream());
            return !near.isEmpty()
                    ? "did you mean " + String.join(" or ", near) + "?"
                    : fields.isEmpty() ? "" : "it has " + Names.list(fields, 10);
        }

        private void report(String message, String hint) {
            context.report(DiagnosticCode.KEY_NOT_IN_SCOPE, key.span(), message, hint);
        }
    }

    private static String descOf(ClassNode node) {
        return "L" + node.name + ";";
    }

    private static String internal(String desc) {
        return desc.substring(1, desc.length() - 1);
    }
}
