package dev.loom.agent.weave.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes one random Java class; the same seed and release give the same text. Every statement has a line of its own. */
final class JavaGenerator {

    private record Var(String name, String type, boolean fixed) {}

    private record Target(String label, boolean isLoop) {}

    private static final String[] TYPES = {
        "int", "long", "float", "double", "boolean", "byte", "char", "short", "String", "Object", "int[]", "long[]", "StringBuilder",
        "Integer", "CharSequence"
    };

    private final Random random;
    private final int release;
    private final StringBuilder out = new StringBuilder();
    private final List<Var> vars = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private int names;
    private int logs;
    private int budget;
    private int depth;
    private int method;
    private int methods;
    private boolean isStatic;
    private String returns = "void";
    private boolean mayReturn = true;
    private boolean mayJump = true;
    private boolean inLambda;
    private final List<String[]> signatures = new ArrayList<>();

    JavaGenerator(long seed, int release) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + release);
        this.release = release;
    }

    String generate(String name) {
        line("package gen;");
        line("import dev.loom.agent.weave.torture.T;");
        line("import java.util.*;");
        line("import java.util.function.*;");
        line("public class " + name + " implements " + name + "I {");
        line("int f = 3; long g = 4; static int sf; static double sd; Object o = \"o\"; final Object lock = new Object();");
        line("enum E { A, B, C }");
        methods = 1 + random.nextInt(3);
        for (int m = 0; m < methods; m++) {
            int count = random.nextInt(5);
            String[] signature = new String[count + 2];
            signature[0] = chance(5) ? "void" : pick(TYPES);
            signature[1] = chance(40) ? "static" : "";
            for (int p = 0; p < count; p++) {
                signature[p + 2] = pick(TYPES);
            }
            signatures.add(signature);
        }
        for (method = 0; method < methods; method++) {
            oneMethod();
        }
        line("public static Object run(int n) throws Exception {");
        line(name + " self = new " + name + "();");
        line("Object result = null;");
        line("T.mix(self.dm(n & 7));");
        for (int m = 0; m < methods; m++) {
            call(m, n -> "self.");
        }
        line("T.mix(self.f); T.mix(self.g); T.mix(sf); T.mix(sd);");
        line("return result;");
        line("}");
        line("}");
        line("interface " + name + "I {");
        line("default long dm(int n) {");
        line("long s = 1;");
        line("for (int i = 0; i < n; i++) {");
        line("s += i * own(n);");
        line("T.log(5);");
        line("}");
        line("return s;");
        line("}");
        line((release >= 9 ? "private" : "default") + " int own(int n) {");
        line("int k = 0;");
        line("while (k < n) {");
        line("k += 1 + sown(k);");
        line("}");
        line("return k;");
        line("}");
        line("static int sown(int n) {");
        line("int k = 0;");
        line("do { k++; } while (k < n % 3);");
        line("return k & 1;");
        line("}");
        line("}");
        return out.toString();
    }

    private interface Receiver {
        String of(int n);
    }

    private void call(int m, Receiver receiver) {
        String[] signature = signatures.get(m);
        StringBuilder text = new StringBuilder();
        for (int p = 2; p < signature.length; p++) {
            text.append(p > 2 ? ", " : "").append(literal(signature[p]));
        }
        String call = (signature[1].equals("static") ? "" : receiver.of(m)) + "m" + m + "(" + text + ")";
        line(signature[0].equals("void") ? call + ";" : "T.mix(" + call + ");");
    }

    private void oneMethod() {
        String[] signature = signatures.get(method);
        returns = signature[0];
        isStatic = signature[1].equals("static");
        vars.clear();
        targets.clear();
        StringBuilder parameters = new StringBuilder();
        for (int p = 2; p < signature.length; p++) {
            boolean varargs = p == signature.length - 1 && signature[p].equals("int[]") && chance(30);
            parameters.append(p > 2 ? ", " : "").append(varargs ? "int..." : signature[p]).append(" p").append(p);
            vars.add(new Var("p" + p, signature[p], false));
        }
        String modifiers = pick("public", "private", "protected", "", "final")
                + (chance(15) ? " synchronized" : "") + (chance(10) ? " strictfp" : "");
        line(modifiers + " " + signature[1] + " " + returns + " m" + method + "(" + parameters + ") throws Exception {");
        budget = 8 + random.nextInt(45);
        depth = 0;
        mayReturn = true;
        int count = 2 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            statement();
        }
        if (!returns.equals("void")) {
            line("return " + expression(returns, 2) + ";");
        }
        line("}");
    }

    // ---- statements

    private void block(int max) {
        int mark = vars.size();
        int count = 1 + random.nextInt(max);
        for (int i = 0; i < count; i++) {
            statement();
        }
        while (vars.size() > mark) {
            vars.remove(vars.size() - 1);
        }
    }

    private void log() {
        line("T.log(" + (++logs) + ");");
    }

    private void statement() {
        if (--budget < 0 || depth > 5) {
            log();
            return;
        }
        depth++;
        switch (random.nextInt(30)) {
            case 0, 1, 2 -> declare();
            case 3, 4, 5 -> assign();
            case 6 -> log();
            case 7 -> {
                line("if (" + expression("boolean", 2) + ") {");
                block(3);
                if (chance(50)) {
                    line("} else {");
                    block(3);
                }
                line("}");
            }
            case 8, 9 -> countedLoop();
            case 10 -> whileLoop();
            case 11 -> doLoop();
            case 12 -> endless();
            case 13 -> forEach();
            case 14, 15, 16 -> tryStatement();
            case 17 -> synchronizedBlock();
            case 18, 19 -> oldSwitch();
            case 20 -> jump();
            case 21 -> jump();
            case 22 -> throwStatement();
            case 23 -> callOther();
            case 24 -> lambda();
            case 25 -> line("T.mix(T.take(" + expression("int", 1) + "));");
            case 26 -> labelledBlock();
            case 27 -> switchExpression();
            case 28 -> twoSlots();
            default -> anonymous();
        }
        depth--;
    }

    private void declare() {
        String type = pick(TYPES);
        String name = "v" + (++names);
        boolean fixed = chance(25);
        if (!fixed && chance(20)) {
            line(type + " " + name + ";");
            line("if (" + expression("boolean", 1) + ") {");
            line(name + " = " + expression(type, 2) + ";");
            line("} else {");
            line(name + " = " + expression(type, 2) + ";");
            line("}");
        } else if (chance(15) && isReference(type)) {
            line((fixed ? "final " : "") + type + " " + name + " = null;");
        } else {
            line((fixed ? "final " : "") + type + " " + name + " = " + expression(type, 3) + ";");
        }
        vars.add(new Var(name, type, fixed));
    }

    private static boolean isReference(String type) {
        return Character.isUpperCase(type.charAt(0)) || type.endsWith("]");
    }

    private void assign() {
        List<Var> open = vars.stream().filter(v -> !v.fixed()).toList();
        if (open.isEmpty() || chance(15)) {
            line(isStatic || chance(30) ? "sf += " + expression("int", 2) + ";" : "g ^= " + expression("long", 2) + ";");
            return;
        }
        Var var = open.get(random.nextInt(open.size()));
        switch (var.type()) {
            case "int", "long", "short", "byte", "char" -> line(chance(40)
                    ? var.name() + pick("++", "--") + ";"
                    : var.name() + pick(" += ", " ^= ", " -= ", " |= ") + expression("int", 2) + ";");
            case "float", "double" -> line(var.name() + pick(" += ", " -= ", " *= ") + expression("int", 1) + ";");
            case "String" -> line(var.name() + pick(" = ", " = 1 + ") + expression("String", 2) + ";");
            case "int[]", "long[]" -> {
                if (chance(60)) {
                    line("if (" + var.name() + " != null && " + var.name() + ".length > 0) {");
                    line(var.name() + "[(" + expression("int", 1) + " & 0x7fffffff) % " + var.name() + ".length]"
                            + pick(" = ", " += ") + expression("int", 2) + ";");
                    line("}");
                } else {
                    line(var.name() + " = " + expression(var.type(), 2) + ";");
                }
            }
            default -> line(var.name() + " = " + expression(var.type(), 2) + ";");
        }
    }

    private String label() {
        return chance(50) ? "L" + (++names) : "";
    }

    private void inLoop(String label, Runnable body) {
        targets.add(new Target(label, true));
        boolean jumps = mayJump;
        mayJump = true;
        body.run();
        mayJump = jumps;
        targets.remove(targets.size() - 1);
    }

    private String with(String label) {
        return label.isEmpty() ? "" : label + ": ";
    }

    private void countedLoop() {
        String label = label();
        String i = "i" + (++names);
        String type = pick("int", "int", "int", "long", "double", "short");
        String head = switch (random.nextInt(4)) {
            case 0 -> "for (" + type + " " + i + " = " + random.nextInt(5) + "; " + i + " > 0; " + i + "--)";
            case 1 -> "for (" + type + " " + i + " = 0, j" + i + " = 9; " + i + " < j" + i + "; " + i + "++, j" + i + "--)";
            case 2 -> "for (" + type + " " + i + " = 0; " + i + " < " + (1 + random.nextInt(6)) + " && " + expression("boolean", 1) + "; "
                    + i + "++)";
            default -> "for (" + type + " " + i + " = 0; " + i + " < " + (1 + random.nextInt(6)) + "; " + i + "++)";
        };
        line(with(label) + head + " {");
        int mark = vars.size();
        vars.add(new Var(i, type, true));
        inLoop(label, () -> block(4));
        vars.remove(vars.size() - 1);
        while (vars.size() > mark) {
            vars.remove(vars.size() - 1);
        }
        log();
        line("}");
    }

    private void whileLoop() {
        String label = label();
        String i = "w" + (++names);
        line("int " + i + " = " + random.nextInt(6) + ";");
        line(with(label) + "while (" + i + "-- > 0" + (chance(40) ? " && " + expression("boolean", 1) : "") + ") {");
        log();
        inLoop(label, () -> block(4));
        line("}");
        vars.add(new Var(i, "int", true));
    }

    private void doLoop() {
        String label = label();
        String i = "d" + (++names);
        line("int " + i + " = " + random.nextInt(5) + ";");
        line(with(label) + "do {");
        log();
        inLoop(label, () -> block(4));
        line("} while (--" + i + " > 0" + (chance(40) ? " || " + i + " > -3 && " + expression("boolean", 1) : "") + ");");
        vars.add(new Var(i, "int", true));
    }

    private void endless() {
        String label = "L" + (++names);
        String i = "e" + (++names);
        line("int " + i + " = 0;");
        line(label + ": " + pick("for (;;)", "while (true)") + " {");
        log();
        line("if (++" + i + " > " + random.nextInt(5) + ") break " + label + ";");
        inLoop(label, () -> block(4));
        line("}");
        vars.add(new Var(i, "int", true));
    }

    private void forEach() {
        String label = label();
        String i = "x" + (++names);
        if (chance(50)) {
            line(with(label) + "for (int " + i + " : new int[] {1, 2, " + expression("int", 1) + "}) {");
            vars.add(new Var(i, "int", true));
        } else {
            line(with(label) + "for (Object " + i + " : Arrays.asList(" + expression("Object", 1) + ", \"b\", " + expression("Integer", 1)
                    + ")) {");
            vars.add(new Var(i, "Object", true));
        }
        log();
        inLoop(label, () -> block(3));
        line("}");
        vars.remove(vars.size() - 1);
    }

    private void tryStatement() {
        boolean resource = chance(15);
        boolean caught = !resource && chance(80) || chance(40);
        boolean ended = !resource && !caught || chance(45);
        if (resource) {
            line("try (T.Res r" + (++names) + " = new T.Res(" + names + "); T.Res r" + names + "b = new T.Res(" + names + ")) {");
        } else {
            line("try {");
        }
        block(4);
        if (chance(40)) {
            throwStatement();
        }
        if (caught) {
            String kind = pick("T.Boom", "RuntimeException", "T.Boom | IllegalStateException", "Exception");
            line("} catch (" + kind + " x" + (++names) + ") {");
            line("T.mix(x" + names + ".getClass().getName());");
            log();
            block(3);
            if (kind.equals("T.Boom") && chance(30)) {
                line("} catch (ArithmeticException | ClassCastException x" + (++names) + ") {");
                log();
            }
        }
        if (ended) {
            line("} finally {");
            log();
            boolean returning = mayReturn;
            boolean jumping = mayJump;
            if (!chance(10)) {
                mayReturn = false;
                mayJump = false;
            }
            block(2);
            mayReturn = returning;
            mayJump = jumping;
        }
        line("}");
    }

    private void synchronizedBlock() {
        line("synchronized (" + (isStatic ? "T.class" : pick("this", "lock", "T.class")) + ") {");
        block(3);
        line("}");
    }

    private void oldSwitch() {
        String subject = switch (random.nextInt(3)) {
            case 0 -> "(" + expression("int", 2) + ") & 3";
            case 1 -> "String.valueOf(" + expression("int", 1) + " & 3)";
            default -> "E.values()[(" + expression("int", 1) + ") & 1]";
        };
        boolean text = subject.startsWith("String");
        boolean isEnum = subject.startsWith("E.");
        line("switch (" + subject + ") {");
        targets.add(new Target("", false));
        for (int c = 0; c < 3; c++) {
            line("case " + (text ? "\"" + c + "\"" : isEnum ? pickEnum(c) : String.valueOf(chance(20) ? c * 1000 + 5 : c)) + ":");
            line("{");
            block(2);
            line("}");
            if (chance(60)) {
                line(chance(20) && mayReturn && !inLambda && returns.equals("void") ? "if (" + expression("boolean", 1) + ") return;" : "break;");
            }
        }
        if (chance(60)) {
            line("default:");
            line("{");
            block(2);
            line("}");
        }
        targets.remove(targets.size() - 1);
        line("}");
    }

    private static String pickEnum(int c) {
        return c == 0 ? "A" : c == 1 ? "B" : "C";
    }

    private void jump() {
        if (chance(30) && mayReturn) {
            line("if (" + expression("boolean", 2) + ") {");
            line(returns.equals("void") || inLambda ? "return" + (inLambda ? " 7" : "") + ";" : "return " + expression(returns, 2) + ";");
            line("}");
            return;
        }
        if (!mayJump || targets.isEmpty()) {
            log();
            return;
        }
        Target target = targets.get(random.nextInt(targets.size()));
        line("if (" + expression("boolean", 2) + ") {");
        log();
        if (target.label().isEmpty()) {
            Target last = targets.get(targets.size() - 1);
            line(last.isLoop() && chance(50) ? "continue;" : last.isLoop() || last.label().isEmpty() ? "break;" : "break " + last.label() + ";");
        } else {
            line((target.isLoop() && chance(50) ? "continue " : "break ") + target.label() + ";");
        }
        line("}");
    }

    private void throwStatement() {
        line("if (" + expression("boolean", 2) + ") {");
        line(pick(
                "throw new T.Boom(\"b\" + " + expression("int", 1) + ");",
                "throw new IllegalStateException();",
                "T.mix(1 / (" + expression("int", 1) + " & 1));",
                "T.mix(((String) (Object) " + expression("Object", 1) + "));"));
        line("}");
    }

    private void callOther() {
        if (method + 1 >= methods) {
            log();
            return;
        }
        int m = method + 1 + random.nextInt(methods - method - 1);
        String[] signature = signatures.get(m);
        if (isStatic && !signature[1].equals("static")) {
            log();
            return;
        }
        StringBuilder text = new StringBuilder();
        for (int p = 2; p < signature.length; p++) {
            text.append(p > 2 ? ", " : "").append(expression(signature[p], 1));
        }
        String call = "m" + m + "(" + text + ")";
        line(signature[0].equals("void") ? call + ";" : "T.mix(" + call + ");");
    }

    private void lambda() {
        if (inLambda) {
            log();
            return;
        }
        String name = "l" + (++names);
        line("IntUnaryOperator " + name + " = q -> {");
        List<Var> outer = new ArrayList<>(vars);
        List<Target> jumps = new ArrayList<>(targets);
        targets.clear();
        vars.removeIf(v -> !v.fixed() || v.name().startsWith("w") || v.name().startsWith("d") || v.name().startsWith("e")
                || v.name().startsWith("i") || v.name().startsWith("x"));
        inLambda = true;
        boolean returning = mayReturn;
        mayReturn = true;
        line("int z" + name + " = 0;");
        line("for (int k" + name + " = 0; k" + name + " < 3; k" + name + "++) {");
        line("z" + name + " += q;");
        int before = budget;
        budget = Math.min(budget, 4);
        simpleBlock();
        budget = before;
        line("}");
        line("return z" + name + ";");
        inLambda = false;
        mayReturn = returning;
        vars.clear();
        vars.addAll(outer);
        targets.addAll(jumps);
        line("};");
        line("T.mix(" + name + ".applyAsInt(" + expression("int", 1) + "));");
    }

    private void simpleBlock() {
        log();
        line("T.mix(" + expression(pick(TYPES), 2) + ");");
    }

    private void anonymous() {
        String name = "a" + (++names);
        line("Iterator<Integer> " + name + " = new Iterator<Integer>() {");
        line("int c = 0;");
        line("public boolean hasNext() { for (int i = 0; i < 2; i++) { T.log(" + (++logs) + "); } return c < 3; }");
        line("public Integer next() { int r = 0; while (r <= c) { r++; } c++; return r; }");
        line("};");
        line("while (" + name + ".hasNext()) {");
        line("T.mix(" + name + ".next());");
        line("}");
    }

    private void labelledBlock() {
        String label = "B" + (++names);
        line(label + ": {");
        targets.add(new Target(label, false));
        block(3);
        targets.remove(targets.size() - 1);
        log();
        line("}");
    }

    /** Slots that hold a long, then two ints, then a double, one scope after the other. */
    private void twoSlots() {
        String n = String.valueOf(++names);
        line("{ long y" + n + " = " + expression("long", 1) + "; while (y" + n + " > 0 && (y" + n + " & 3) != 0) { y" + n + "--; T.log("
                + (++logs) + "); } T.mix(y" + n + "); }");
        line("{ Object y" + n + " = " + expression("Object", 1) + "; String s" + n + " = \"s\"; for (int k = 0; k < 2; k++) { T.mix(y" + n
                + "); y" + n + " = s" + n + "; } }");
        line("{ int y" + n + " = 3; double s" + n + " = 1.5; do { s" + n + " += y" + n + "; T.log(" + (++logs) + "); } while (--y" + n
                + " > 0); T.mix(s" + n + "); }");
    }

    private void switchExpression() {
        if (release < 14) {
            log();
            return;
        }
        String name = "s" + (++names);
        List<Target> jumps = new ArrayList<>(targets);
        targets.clear();
        boolean returning = mayReturn;
        mayReturn = false;
        if (release >= 21 && chance(60)) {
            line("int " + name + " = T.tick(1) + switch ((Object) " + expression("Object", 2) + ") {");
            line("case null -> 0;");
            line("case String t when t.length() > 2 -> {");
            switchLoop(name);
            line("yield t.length();");
            line("}");
            line("case Integer t -> t & 15;");
            line("default -> {");
            switchLoop(name);
            line("yield 5;");
            line("}");
        } else {
            line("int " + name + " = T.tick(2) + switch ((" + expression("int", 2) + ") & 3) {");
            line("case 0 -> 4;");
            line("case 1, 2 -> {");
            switchLoop(name);
            if (chance(50)) {
                line("try {");
                line("T.mix(1 / (" + expression("int", 1) + " & 1));");
                switchLoop(name);
                line("} catch (ArithmeticException x" + name + ") {");
                log();
                line("}");
            }
            line("yield T.tick(8);");
            line("}");
            line("default -> " + expression("int", 1) + ";");
        }
        line("};");
        mayReturn = returning;
        targets.addAll(jumps);
        vars.add(new Var(name, "int", false));
    }

    private void switchLoop(String name) {
        line("for (int k" + name + " = 0; k" + name + " < 3; k" + name + "++) {");
        int before = budget;
        budget = Math.min(budget, 3);
        simpleBlock();
        budget = before;
        line("}");
    }

    // ---- expressions

    private String variable(String type) {
        List<Var> fit = vars.stream().filter(v -> v.type().equals(type) && !v.name().startsWith("r")).toList();
        return fit.isEmpty() ? null : fit.get(random.nextInt(fit.size())).name();
    }

    private String expression(String type, int levels) {
        String var = variable(type);
        if (var != null && chance(45)) {
            return var;
        }
        if (levels <= 0) {
            return var != null && chance(70) ? var : literal(type);
        }
        int l = levels - 1;
        if (chance(12)) {
            return "(" + expression("boolean", l) + " ? " + expression(type, l) + " : " + expression(type, l) + ")";
        }
        return switch (type) {
            case "int" -> switch (random.nextInt(9)) {
                case 0 -> "(" + expression("int", l) + pick(" + ", " - ", " * ", " ^ ", " & ", " << ") + expression("int", l) + ")";
                case 1 -> "(int) " + expression("long", l);
                case 2 -> "T.tick(" + (++logs) + ")";
                case 3 -> "(" + expression("int", l) + pick(" / ", " % ") + "(" + expression("int", l) + " | 1))";
                case 4 -> "T.hashOf(" + expression("Object", l) + ")";
                case 5 -> "(int) " + expression("double", l);
                case 6 -> isStatic ? "sf" : "f";
                case 7 -> "new StringBuilder(" + expression("String", l) + ").append(" + expression(pick("int", "char"), l) + ").length()";
                default -> literal("int");
            };
            case "long" -> "(" + expression("int", l) + pick(" + ", " - ", " * ") + expression("long", l) + ")";
            case "float" -> "(" + expression("int", l) + " + " + expression("float", l) + ")";
            case "double" -> "(" + expression("double", l) + pick(" + ", " - ", " / ") + "(" + expression("float", l) + " + 1.5))";
            case "boolean" -> switch (random.nextInt(6)) {
                case 0 -> "(" + expression("int", l) + pick(" < ", " > ", " == ", " != ") + expression("int", l) + ")";
                case 1 -> "(" + expression("long", l) + pick(" < ", " >= ") + expression("long", l) + ")";
                case 2 -> "(" + expression("boolean", l) + pick(" && ", " || ", " ^ ") + expression("boolean", l) + ")";
                case 3 -> "!" + expression("boolean", l);
                case 4 -> "(" + expression("Object", l) + " == null)";
                default -> "((T.tick(" + (++logs) + ") + " + expression("int", l) + ") % 3 == 0)";
            };
            case "byte", "char", "short" -> "(" + type + ") " + "(" + expression("int", l) + " + 1)";
            case "String" -> switch (random.nextInt(4)) {
                case 0 -> "(" + expression("String", l) + " + " + expression(pick("int", "long", "char", "boolean"), l) + ")";
                case 1 -> "String.valueOf(" + expression("int", l) + ")";
                case 2 -> "new String(\"n\" + " + expression("int", l) + ")";
                default -> literal("String");
            };
            case "Object" -> expression(pick("String", "Integer", "int[]", "StringBuilder", "Integer"), l);
            case "int[]" -> "new int[] {" + expression("int", l) + ", " + expression("int", l) + "}";
            case "long[]" -> "new long[" + (1 + random.nextInt(3)) + "]";
            case "StringBuilder" -> "new StringBuilder(" + expression("String", l) + ").append(" + expression("int", l) + ")";
            case "Integer" -> "Integer.valueOf(" + expression("int", l) + ")";
            case "CharSequence" -> chance(50) ? expression("String", l) : expression("StringBuilder", l);
            default -> literal(type);
        };
    }

    private String literal(String type) {
        return switch (type) {
            case "int" -> String.valueOf(random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(8));
            case "long" -> (random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(9)) + "L";
            case "float" -> random.nextInt(9) + ".5f";
            case "double" -> random.nextInt(9) + ".25";
            case "boolean" -> chance(50) ? "(T.tick(3) == 3)" : "(sf % 2 == 0)";
            case "byte" -> "(byte) " + random.nextInt(9);
            case "char" -> "'c'";
            case "short" -> "(short) " + random.nextInt(9);
            case "String" -> pick("\"\"", "\"ab\"", "\"xyz\"");
            case "Object" -> pick("\"obj\"", "Integer.valueOf(3)", "(Object) \"q\"");
            case "int[]" -> "new int[] {1, 2, 3}";
            case "long[]" -> "new long[] {1, 2}";
            case "StringBuilder" -> "new StringBuilder(\"sb\")";
            case "Integer" -> "Integer.valueOf(" + random.nextInt(9) + ")";
            case "CharSequence" -> "\"cs\"";
            default -> throw new IllegalStateException(type);
        };
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
