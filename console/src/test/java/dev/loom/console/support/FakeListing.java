package dev.loom.console.support;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A class with the names of the agent's composite data; an MXBean makes composite data of it. {@code com.acme.Huge} has 6,000 lines. */
public final class FakeListing {

    private final String type;
    private final String loader;
    private final Method[] methods;
    private final Hook[] hooks;

    private FakeListing(String type, String loader, Method[] methods, Hook[] hooks) {
        this.type = type;
        this.loader = loader;
        this.methods = methods;
        this.hooks = hooks;
    }

    /** @param filters whose hook stands in {@code transfer} */
    static FakeListing of(String type, String loader, List<String> filters) {
        List<Method> methods = new ArrayList<>();
        if (type.equals("com.acme.Huge")) {
            for (int i = 0; i < 600; i++) {
                methods.add(new Method(type, "m" + i, "()V", "void m" + i + "()", i * 10 + 1, 10));
            }
        } else {
            methods.add(new Method("com.acme.Bank$Worker", "run", "()V", "public void run()", 60, 2));
            methods.add(new Method("com.acme.Bank", "transfer", "(Lcom/acme/Account;J)V", "public void transfer(Account from, long amount)", 41, 6, "from", "amount"));
            methods.add(new Method("com.acme.Bank", "outside", "()V", "native void outside()", 0, 0));
        }
        return new FakeListing(
                type.equals("com.acme.Huge") ? type : "com.acme.Bank", loader.isEmpty() ? "app" : loader, methods.toArray(Method[]::new),
                filters.stream().map(Hook::new).toArray(Hook[]::new));
    }

    public String getType() {
        return type;
    }

    public String getSource() {
        return type.replace('.', '/') + ".java";
    }

    public String getLoader() {
        return loader;
    }

    public String[] getLoaders() {
        return new String[] {"app", "com.acme.Own@1f"};
    }

    public String getOmitted() {
        return type.equals("com.acme.Huge") ? "lines beyond the first 6000" : "";
    }

    public Method[] getMethods() {
        return methods;
    }

    public Hook[] getHooks() {
        return hooks;
    }

    /** A method. */
    public static final class Method {
        private final String type;
        private final String name;
        private final String descriptor;
        private final String shown;
        private final int[] lines;
        private final String[] keys;

        Method(String type, String name, String descriptor, String shown, int first, int count, String... parameters) {
            this.type = type;
            this.name = name;
            this.descriptor = descriptor;
            this.shown = shown;
            lines = IntStream.range(first, first + count).toArray();
            keys = new String[parameters.length + 1];
            keys[0] = "this";
            System.arraycopy(parameters, 0, keys, 1, parameters.length);
        }

        public String getType() {
            return type;
        }

        public String getName() {
            return name;
        }

        public String getDescriptor() {
            return descriptor;
        }

        public String getMember() {
            return type + "#" + name;
        }

        public String getShown() {
            return shown;
        }

        public String[] getKeys() {
            return keys;
        }

        public int[] getLines() {
            return lines;
        }

        public String[] getDoes() {
            return IntStream.of(lines).mapToObj(line -> "reads Bank.total, <b>" + line + "</b>").toArray(String[]::new);
        }
    }

    /** The hook of a filter from line 42 to 45. */
    public static final class Hook {
        private final String filter;

        Hook(String filter) {
            this.filter = filter;
        }

        public String getFilter() {
            return filter;
        }

        public String getId() {
            return "h1";
        }

        public String getKind() {
            return "region";
        }

        public String getType() {
            return "com.acme.Bank";
        }

        public String getMethod() {
            return "transfer(Lcom/acme/Account;J)V";
        }

        public int[] getEnters() {
            return new int[] {42};
        }

        public int[] getInside() {
            return new int[] {42, 43, 44, 45};
        }

        public int[] getLeaves() {
            return new int[] {45};
        }

        public int[] getMoves() {
            return new int[] {41};
        }

        public int[] getInTheWay() {
            return new int[] {43};
        }
    }
}
