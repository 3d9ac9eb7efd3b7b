package dev.loom.filter.syntax;

import java.util.List;
import java.util.Random;

/** Writes random filters that the grammar allows, in random layout. The same seed gives the same filter. */
final class RandomFilter {

    private final Random random;

    RandomFilter(long seed) {
        random = new Random(seed);
    }

    String text() {
        StringBuilder out = new StringBuilder();
        boolean wrapped = random.nextBoolean();
        noise(out);
        if (wrapped) {
            out.append("filter \"").append(pick("pool", "a b", "x:1.0-rc_2")).append("\" {");
            noise(out);
        }
        for (int i = random.nextInt(12); i >= 0; i--) {
            out.append(statement());
            out.append('\n');
            noise(out);
        }
        return out.append(wrapped ? "}\n" : "").toString();
    }

    private void noise(StringBuilder out) {
        for (int i = random.nextInt(4); i > 0; i--) {
            out.append(pick("\n", "  ", "\t", "\r\n", " // a <> b {\n", "/* over\n two lines */", "\n# hash\n", "/**/\n\n\n"));
        }
        if (out.length() > 0 && out.charAt(out.length() - 1) != '\n') {
            out.append('\n');
        }
    }

    private String statement() {
        return switch (random.nextInt(9)) {
            case 0 -> "about " + pick("\"what it is for\"", "\"with \\\"quotes\\\" and \\\\ and \\t\"", "\"\"");
            case 1 -> "ticket \"X-" + random.nextInt(100) + "\"";
            case 2 -> "use " + type() + (random.nextBoolean() ? " as A" + random.nextInt(9) : "");
            case 3 -> "region " + name() + space() + "=" + space() + region();
            case 4 -> "event " + name() + " = " + event(true);
            case 5 -> "pin " + type() + "#m(int) sha256:" + "0f".repeat(32);
            case 6 -> observe() + event(true) + space() + ">" + space() + event(true) + pick("", " > " + event(true))
                    + pick("", " each")
                    + pick("", " within 5s", " within 250ms", " within 1.5 ms", " within 2m", " within 90min");
            case 7 -> observe() + pick("atomic " + region(), region() + " <> *" + pick("", " in com.acme.**, com.*, Foo*"));
            default -> observe() + side() + space() + "<>" + space() + side() + pick("", " <> " + side(), "\n   <> " + side());
        };
    }

    private String observe() {
        return pick("", "", "observe ");
    }

    private String side() {
        return pick("", "shared ") + region();
    }

    private String region() {
        return switch (random.nextInt(4)) {
            case 0 -> name() + by();
            case 1 -> "{" + space() + event(false) + pick("", ", " + event(false)) + space() + ";" + space() + event(false) + "}"
                    + by();
            case 2 -> member() + by();
            default -> location() + by();
        };
    }

    private String event(boolean count) {
        return pick(name(), location()) + by() + (count ? pick("", "", " {" + (1 + random.nextInt(9)) + "}", " {this.n}") : "");
    }

    private String by() {
        return pick("", " by this", " by $" + (1 + random.nextInt(3)), " by a.b.c", " by com.acme.Outer.this.x", " by Bank.class",
                " by \"s\\\"\"",
                " by 'c'", " by -" + random.nextInt(99), " by 7L", " by 2.50", " by true");
    }

    private String location() {
        int line = 1 + random.nextInt(65_535);
        return pick(type() + ":" + line, member() + ":" + line, "Bank.java:" + line,
                "at com.acme.Bank.transfer(Bank.java:" + line + ")",
                "at app//com.acme.Bank$1.lambda$x$0(Bank.java:" + line + ") ~[a.jar:1]",
                        "com.acme.Bank.<init>(Bank.java:" + line + ")");
    }

    private String member() {
        return type() + "#" + pick("m", "<init>", "lambda$run$0", "value-impl")
                + pick("", "()", "(int, java.util.List [] , String...)");
    }

    private String type() {
        return pick("Bank", "com.acme.Bank", "com.acme.Outer$Inner", "a.b.c.D.E", "größe.Straße");
    }

    private String name() {
        return pick("a", "take", "give-back", "x1", "$y");
    }

    private String space() {
        return pick(" ", " ", "\n  ", "/* c */", "\t// d\n ");
    }

    private String pick(String... choices) {
        return List.of(choices).get(random.nextInt(choices.length));
    }
}
