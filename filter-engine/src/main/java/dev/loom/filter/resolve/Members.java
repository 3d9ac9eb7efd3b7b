package dev.loom.filter.resolve;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Printable;
import dev.loom.filter.syntax.Member;
import dev.loom.filter.syntax.ParameterType;
import dev.loom.filter.syntax.SourceText;
import dev.loom.filter.syntax.Spelling;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds the methods that a member names. */
final class Members {

    private static final int MADE_BY_COMPILER = Opcodes.ACC_BRIDGE;

    private final ResolutionContext context;

    Members(ResolutionContext context) {
        this.context = context;
    }

    /** The methods of the class that the member names, with or without a body; empty if none, which has been reported. */
    List<Body> find(ClassNode owner, Member member) {
        String name = member.name().text();
        List<Body> named = owner.methods.stream().filter(m -> m.name.equals(name)).map(m -> new Body(owner, m)).toList();
        if (named.isEmpty()) {
            unknown(owner, member);
            return List.of();
        }
        List<ParameterType> parameters = member.parameters();
        if (parameters == null) {
            return withoutBridges(named);
        }
        List<Body> fitting = withoutBridges(named.stream().filter(b -> fits(b.method(), parameters)).toList());
        if (fitting.isEmpty()) {
            context.report(
                    DiagnosticCode.UNKNOWN_MEMBER,
                    member.span(),
                    "no method " + Printable.of(name) + " of " + Names.shown(owner.name) + " has the parameters ("
                            + parameters.stream().map(ParameterType::text).map(Printable::of).collect(Collectors.joining(","))
                                    + ")",
                    "there is " + Names.list(named.stream().map(Body::shown).map(Members::behindHash).toList(), 8)
                            + "; types are written erased: a type parameter T is Object, or its bound");
        } else if (fitting.size() > 1) {
            context.report(
                    DiagnosticCode.AMBIGUOUS_MEMBER,
                    member.span(),
                    SourceText.of(member) + " fits " + fitting.size() + " methods",
                    "write the packages too: " + String.join(" or ",
                            fitting.stream().map(Body::fullName).map(Members::behindHash).toList()));
            return List.of();
        }
        return fitting;
    }

    /** Bridges only call the method that they stand for: a region there would be the same region twice. */
    private static List<Body> withoutBridges(List<Body> bodies) {
        List<Body> real = bodies.stream().filter(b -> !b.has(MADE_BY_COMPILER)).toList();
        return real.isEmpty() ? bodies : real;
    }

    private void unknown(ClassNode owner, Member member) {
        String name = member.name().text();
        String shown = Names.shown(owner.name);
        Optional<ClassNode> declaring = name.startsWith("<") ? Optional.empty() : context.classes().declaring(owner, name);
        if (declaring.isPresent()) {
            String above = Names.shown(declaring.get().name);
            context.report(
                    DiagnosticCode.INHERITED,
                    member.span(),
                    shown + " inherits " + Printable.of(name) + " from " + above,
                    "write " + above + "#" + name + "; it then holds for all objects that run this code, of whatever class");
            return;
        }
        boolean constructor = name.equals(Names.simple(shown.replace('$', '.')));
        List<String> near = Spelling.near(name,
                owner.methods.stream().filter(m -> (m.access & MADE_BY_COMPILER) == 0).map(m -> m.name));
        String hint = constructor
                ? "constructors are called <init>"
                : near.isEmpty()
                        ? "its methods are " + Names.list(methods(owner), 12)
                        : "did you mean " + String.join(" or ", near) + "?";
        context.report(DiagnosticCode.UNKNOWN_MEMBER, member.name().span(), shown + " has no method " + Printable.of(name), hint);
    }

    private static List<String> methods(ClassNode owner) {
        return owner.methods.stream().filter(m -> (m.access & Opcodes.ACC_SYNTHETIC) == 0).map(m -> m.name).distinct().toList();
    }

    private static String behindHash(String shown) {
        return shown.substring(shown.indexOf('#') + 1);
    }

    private static boolean fits(MethodNode method, List<ParameterType> parameters) {
        Type[] types = Type.getArgumentTypes(method.desc);
        if (types.length != parameters.size()) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            String wanted = parameters.get(i).text().replace('$', '.');
            String is = types[i].getClassName().replace('$', '.');
            if (!is.equals(wanted) && !is.endsWith("." + wanted)) {
                return false;
            }
        }
        return true;
    }
}
