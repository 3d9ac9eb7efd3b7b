package dev.loom.filter.resolve;

import dev.loom.filter.classes.JdkClasses;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Printable;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.Location;
import dev.loom.filter.syntax.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds the method bodies in which a location lies. */
final class Locations {

    /** Classes of one package that are looked at for their source file. */
    private static final int MAX_SIBLINGS = 500;

    /** Classes whose files are searched for the name of a source file. */
    private static final int MAX_SEARCHED = 20_000;

    private final ResolutionContext context;
    private final Members members;

    Locations(ResolutionContext context, Members members) {
        this.context = context;
        this.members = members;
    }

    /** All bodies with code on the line; empty if there are none, which has been reported or is waited for. */
    List<Body> find(Location location) {
        if (location instanceof Location.OfType l) {
            return context.type(l.type()).map(owner -> ofType(owner, l.line(), l.span())).orElse(List.of());
        } else if (location instanceof Location.OfMember l) {
            return context.type(l.member().type()).map(owner -> ofMember(owner, l.member(), l.line(), l.span())).orElse(List.of());
        } else if (location instanceof Location.OfFile l) {
            return ofFile(l);
        } else {
            Location.OfFrame l = (Location.OfFrame) location;
            Member member = new Member(l.type(), l.method(), null, l.span());
            return context.type(l.type()).map(owner -> ofMember(owner, member, l.line(), l.span())).orElse(List.of());
        }
    }

    private List<Body> ofType(ClassNode owner, int line, Span span) {
        Set<ClassNode> nest = context.classes().withNested(owner);
        List<Body> bodies = bodies(nest, line);
        if (bodies.isEmpty()) {
            Set<String> missing = context.classes().mayGrow() ? context.classes().missingNested(owner) : Set.of();
            if (missing.isEmpty() || !hasLines(nest)) {
                noCode(owner, allBodies(nest), line, span);
            } else {
                for (String nested : missing) {
                    context.named().add(nested);
                    context.waitFor(nested, span, "line " + line + " has no code in the loaded classes of "
                            + Names.shown(owner.name));
                }
            }
        }
        return bodies;
    }

    private List<Body> ofMember(ClassNode owner, Member member, int line, Span span) {
        List<Body> named = members.find(owner, member);
        List<Body> bodies = named.stream().filter(b -> Lines.has(b.method(), line)).toList();
        if (bodies.isEmpty() && !named.isEmpty()) {
            noCode(owner, named, line, span);
        }
        return bodies;
    }

    private List<Body> ofFile(Location.OfFile location) {
        String base = location.file().substring(0, location.file().lastIndexOf('.'));
        // Kotlin puts the functions of Bank.kt into BankKt
        String kotlin = base + "Kt";
        SortedSet<String> named = new TreeSet<>();
        context.classes().names().forEach(n -> {
            if ((n.endsWith(base) || n.endsWith(kotlin)) && (Names.unqualified(n).equals(base) || Names.unqualified(n).equals(kotlin))) {
                named.add(n);
            }
        });
        List<ClassNode> tops = named.stream()
                .map(context.classes()::find)
                .flatMap(Optional::stream)
                .filter(n -> n.sourceFile == null || n.sourceFile.equals(location.file()))
                .toList();
        if (tops.isEmpty()) {
            tops = compiledFrom(location.file());
        }
        if (tops.isEmpty() && context.classes().mayGrow() && context.classes().names().isEmpty()) {
            // a check without any JVM: there is nothing to look among
            context.report(
                    DiagnosticCode.WAITING_FOR_CLASS,
                    location.span(),
                    "which class " + Printable.of(location.file()) + " was compiled to can only be told in a JVM",
                    "");
            return List.of();
        }
        if (tops.isEmpty()) {
            context.report(
                    DiagnosticCode.UNKNOWN_CLASS,
                    location.span(),
                    "no class was compiled from " + Printable.of(location.file()),
                    context.classes().mayGrow()
                            ? "if it is not loaded yet, name the class with its package, to wait for it"
                            : "name the class with its package, com.acme.Bank:" + location.line());
            return List.of();
        }
        TreeMap<String, List<Body>> fitting = fitting(tops, location.line());
        if (fitting.isEmpty()) {
            fitting = fitting(siblings(tops, location.file()), location.line());
        }
        if (fitting.size() > 1) {
            context.report(
                    DiagnosticCode.AMBIGUOUS_FILE,
                    location.span(),
                    location.file() + ":" + location.line() + " fits the classes "
                            + Names.list(fitting.keySet().stream().map(Names::shown).toList(), 8),
                    "write " + Names.shown(fitting.firstKey()) + ":" + location.line());
            return List.of();
        }
        if (fitting.isEmpty()) {
            context.named().add(tops.get(0).name);
            return ofType(tops.get(0), location.line(), location.span());
        }
        context.named().add(fitting.firstKey());
        return fitting.firstEntry().getValue();
    }

    /** Classes whatever their names are: those of Scala, Kotlin, Groovy and Clojure need not be called like their file. */
    private List<ClassNode> compiledFrom(String file) {
        SortedSet<String> found = new TreeSet<>();
        context.classes().names().stream()
                .filter(n -> !JdkClasses.isJdk(n))
                .limit(MAX_SEARCHED)
                .filter(n -> context.classes().mayName(n, file))
                .filter(n -> context.classes().find(n).filter(c -> file.equals(c.sourceFile)).isPresent())
                .limit(MAX_SIBLINGS)
                .forEach(found::add);
        // what is nested in another comes with it
        return found.stream().filter(n -> found.headSet(n).stream().noneMatch(other -> n.startsWith(other + "$")))
                .map(context.classes()::find).flatMap(Optional::stream).toList();
    }

    private TreeMap<String, List<Body>> fitting(List<ClassNode> tops, int line) {
        TreeMap<String, List<Body>> fitting = new TreeMap<>();
        for (ClassNode top : tops) {
            List<Body> bodies = bodies(context.classes().withNested(top), line);
            if (!bodies.isEmpty()) {
                fitting.put(top.name, bodies);
            }
        }
        return fitting;
    }

    /** Classes of other names that were compiled from the same file: those that stand beside the public one. */
    private List<ClassNode> siblings(List<ClassNode> tops, String file) {
        Map<String, String> packages = new TreeMap<>();
        tops.forEach(top -> packages.putIfAbsent(Names.packageOf(top.name), top.name));
        return packages.values().stream()
                .flatMap(n -> context.classes().inPackageOf(n, Integer.MAX_VALUE).stream())
                .filter(n -> !Names.unqualified(n).contains("$"))
                .limit(MAX_SIBLINGS)
                .map(context.classes()::find)
                .flatMap(Optional::stream)
                .filter(n -> file.equals(n.sourceFile))
                .toList();
    }

    private static List<Body> bodies(Collection<ClassNode> owners, int line) {
        List<Body> bodies = new ArrayList<>();
        for (Body body : allBodies(owners)) {
            if (Lines.has(body.method(), line)) {
                bodies.add(body);
            }
        }
        // what the compiler adds stands on the line of a class or of what it passes on to; nobody means it
        List<Body> written = bodies.stream().filter(b -> !isPassThrough(b.method())).toList();
        return written.isEmpty() ? bodies : written;
    }

    private static boolean isPassThrough(MethodNode method) {
        return (method.access & Opcodes.ACC_BRIDGE) != 0
                || (method.access & Opcodes.ACC_SYNTHETIC) != 0 && method.name.startsWith("access$");
    }

    private static List<Body> allBodies(Collection<ClassNode> owners) {
        return owners.stream().flatMap(o -> o.methods.stream().map(m -> new Body(o, m))).toList();
    }

    private static boolean hasLines(Collection<ClassNode> owners) {
        return allBodies(owners).stream().anyMatch(b -> !Lines.of(b.method()).isEmpty());
    }

    private void noCode(ClassNode owner, List<Body> searched, int line, Span span) {
        TreeMap<Integer, Set<String>> lines = new TreeMap<>();
        for (Body body : searched) {
            for (int l : Lines.of(body.method())) {
                lines.computeIfAbsent(l, k -> new LinkedHashSet<>()).add(body.method().name);
            }
        }
        String where = searched.size() == 1 ? searched.get(0).shown() : Names.shown(owner.name);
        if (lines.isEmpty()) {
            context.report(
                    DiagnosticCode.NO_CODE_ON_LINE,
                    span,
                    where + (searched.stream().anyMatch(b -> b.method().instructions.size() > 0)
                            ? " was compiled without line numbers"
                            : " has no code at all"),
                    "name a method, " + Names.shown(owner.name) + "#name, or compile with -g:lines");
            return;
        }
        SortedSet<Integer> near = new TreeSet<>();
        Optional.ofNullable(lines.floorKey(line)).ifPresent(near::add);
        Optional.ofNullable(lines.ceilingKey(line)).ifPresent(near::add);
        String hint = near.stream()
                .map(l -> l + " (in " + lines.get(l).stream().limit(3).collect(Collectors.joining(", ")) + ")")
                .collect(Collectors.joining(" and "));
        context.report(
                DiagnosticCode.NO_CODE_ON_LINE,
                span,
                "line " + line + " has no code in " + where,
                elsewhere(owner, line, searched)
                        .map(b -> "the line is in " + b.shownName() + ": write " + b.shownName() + ":" + line)
                        .orElse((near.size() == 1 ? "the nearest line with code is " : "the nearest lines with code are ")
                                + hint));
    }

    /** The body that has the line, in the same source file, where the searched ones have not. */
    private Optional<Body> elsewhere(ClassNode owner, int line, List<Body> searched) {
        int dollar = owner.name.indexOf('$', owner.name.lastIndexOf('/') + 2);
        String top = dollar < 0 ? owner.name : owner.name.substring(0, dollar);
        return context.classes().find(top).stream()
                .flatMap(t -> bodies(context.classes().withNested(t), line).stream())
                .filter(b -> !searched.contains(b))
                .findFirst();
    }
}
