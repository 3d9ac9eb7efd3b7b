package dev.loom.filter.resolve;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Printable;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.syntax.Spelling;
import dev.loom.filter.syntax.TypeName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.objectweb.asm.tree.ClassNode;

/** What the steps of one resolution share: the classes, the remarks, which classes were named and which are waited for. */
final class ResolutionContext {

    private final ClassTable classes;
    private final Diagnostics diagnostics;
    private final Expander expander;
    private final SortedSet<String> named = new TreeSet<>();
    private final SortedSet<String> waitingFor = new TreeSet<>();

    ResolutionContext(ClassTable classes, Expander expander, Diagnostics diagnostics) {
        this.classes = classes;
        this.expander = expander;
        this.diagnostics = diagnostics;
    }

    ClassTable classes() {
        return classes;
    }

    SortedSet<String> named() {
        return named;
    }

    SortedSet<String> waitingFor() {
        return waitingFor;
    }

    void report(DiagnosticCode code, Span span, String message, String hint) {
        diagnostics.report(code, span, message, hint);
    }

    /** Says that a class has to be waited for. */
    void waitFor(String internalName, Span span, String hint) {
        if (waitingFor.add(internalName)) {
            report(
                    DiagnosticCode.WAITING_FOR_CLASS,
                    span,
                    "the class " + Names.shown(internalName) + " is not loaded yet; what needs it takes effect when it is",
                    hint);
        }
    }

    /** The class of a name; empty if there is none, which is then an error that has been reported or a class to wait for. */
    Optional<ClassNode> type(TypeName type) {
        List<String> spellings = spellings(type.text());
        for (String name : spellings) {
            Optional<ClassNode> found = classes.find(name);
            if (found.isPresent()) {
                named.add(name);
                return found;
            }
            String damage = classes.damage(name);
            if (damage != null) {
                named.add(name);
                report(
                        DiagnosticCode.UNREADABLE_CLASS,
                        type.span(),
                        "the class file of " + Names.shown(name) + " cannot be read: " + Printable.of(damage),
                        "is the file damaged, or newer than this version of Loom knows?");
                return Optional.empty();
            }
        }
        String guess = guess(spellings);
        named.add(guess);
        String hint = nearMisses(type.text());
        if (classes.mayGrow()) {
            waitFor(guess, type.span(), hint);
        } else {
            report(
                    DiagnosticCode.UNKNOWN_CLASS,
                    type.span(),
                    "there is no class " + Printable.of(type.text()),
                    hint.isEmpty() ? "is its jar or directory among the given ones?" : hint);
        }
        return Optional.empty();
    }

    /** The class of a name if there is one; says nothing if there is none. */
    Optional<ClassNode> typeIfPresent(String text) {
        TypeName name = expander.type(new TypeName(text, Span.START));
        return spellings(name.text()).stream().map(classes::find).flatMap(Optional::stream).findFirst();
    }

    /** {@code a/b/C/D}, {@code a/b/C$D}, {@code a/b$C$D} …: what {@code a.b.C.D} may be called in a class file. */
    private static List<String> spellings(String text) {
        List<String> spellings = new ArrayList<>();
        String name = text.replace('.', '/');
        while (true) {
            spellings.add(name);
            int slash = name.lastIndexOf('/');
            if (slash < 0 || spellings.size() > 20) {
                return spellings;
            }
            name = name.substring(0, slash) + "$" + name.substring(slash + 1);
        }
    }

    /** The most likely spelling of a class that is not there: packages are written small and classes with a capital. */
    private static String guess(List<String> spellings) {
        String plain = spellings.get(0);
        for (int i = spellings.size() - 1; i > 0; i--) {
            String name = spellings.get(i);
            String unqualified = Names.unqualified(name);
            if (Character.isUpperCase(unqualified.charAt(0))) {
                return name;
            }
        }
        return plain;
    }

    private String nearMisses(String text) {
        String wanted = text.replace('.', '/').replace('$', '/');
        String simple = Names.simple(text.replace('$', '.'));
        String prefix = wanted.substring(0, wanted.lastIndexOf('/') + 1);
        // going through the names may mean to go through many jars: once
        int reach = Spelling.reach(wanted);
        Set<String> sameName = new TreeSet<>();
        List<String> samePackage = new ArrayList<>();
        Set<String> similar = new TreeSet<>();
        classes.names().forEach(n -> {
            String unqualified = Names.unqualified(n);
            if (unqualified.endsWith(simple) && Names.simple(unqualified.replace('$', '.')).equals(simple)) {
                sameName.add(n);
            }
            if (Math.abs(n.length() - wanted.length()) <= reach && n.replace('$', '/').startsWith(prefix)) {
                samePackage.add(n);
            }
            if (Spelling.isNear(simple, unqualified)) {
                similar.add(n);
            }
        });
        // the right name in another package, then a misspelt name in the right or another one
        Set<String> near = new LinkedHashSet<>();
        sameName.stream().limit(3).forEach(near::add);
        near.addAll(Spelling.near(wanted, samePackage.stream()));
        if (near.isEmpty()) {
            List<String> names = Spelling.near(simple, similar.stream().map(Names::unqualified));
            similar.stream().filter(n -> names.contains(Names.unqualified(n))).limit(3).forEach(near::add);
        }
        List<String> shown = near.stream().limit(3).map(Names::shown).toList();
        return shown.isEmpty() ? "" : "did you mean " + String.join(" or ", shown) + "?";
    }
}
