package dev.loom.filter.classes;

/** Looks at what the constants of a class file refer to: readers follow without looking. */
final class Constants {

    /** Dynamic constants in the arguments of others. */
    private static final int MAX_DEPTH = 200;

    private final ClassBytes file;
    private final int[] constants;

    Constants(ClassBytes file) {
        this.file = file;
        constants = file.constants();
    }

    /** Looks at all of them, and at descriptors. */
    void check() {
        for (int constant : constants) {
            if (constant == 0) {
                continue;
            }
            switch (file.at(constant)) {
                case 7, 8, 19, 20 -> file.utf8(file.unsigned(constant + 1));
                case 9, 10, 11 -> {
                    file.kind(file.unsigned(constant + 1), 7);
                    file.kind(file.unsigned(constant + 3), 12);
                }
                case 12 -> {
                    file.utf8(file.unsigned(constant + 1));
                    String desc = file.utf8(file.unsigned(constant + 3));
                    Descriptors.check(desc, desc.startsWith("("));
                }
                case 15 -> file.kind(file.unsigned(constant + 2), 9, 10, 11);
                case 16 -> Descriptors.check(file.utf8(file.unsigned(constant + 1)), true);
                case 17, 18 -> file.kind(file.unsigned(constant + 3), 12);
                default -> {}
            }
        }
        for (int constant : constants) {
            if (constant != 0 && (file.at(constant) >= 9 && file.at(constant) <= 11 || file.at(constant) == 18)) {
                // a field has no parameters, a method has
                int nameAndType = constants[file.unsigned(constant + 3)];
                boolean ofMethod = file.utf8(file.unsigned(nameAndType + 3)).startsWith("(");
                if (ofMethod == (file.at(constant) == 9)) {
                    throw new IllegalArgumentException("it takes a field for a method");
                }
            }
        }
    }

    /** A dynamic constant may have others as arguments: a circle, or a tower that doubles at each floor, would never end. */
    void bootstrapMethods(int end) {
        int count = file.u2();
        int[][] arguments = new int[count][];
        for (int i = 0; i < count; i++) {
            file.skip(2);
            int size = file.u2();
            if (file.at() + 2L * size > end) {
                throw new IllegalArgumentException("the bootstrap methods are longer than their attribute");
            }
            arguments[i] = new int[size];
            for (int a = 0; a < size; a++) {
                arguments[i][a] = file.u2();
            }
        }
        long[] weights = new long[count];
        for (int i = 0; i < count; i++) {
            weight(i, arguments, weights, 0);
        }
    }

    /** Constants in the arguments of a bootstrap method, each counted as often as it is named. */
    private long weight(int bootstrap, int[][] arguments, long[] weights, int depth) {
        if (bootstrap >= arguments.length) {
            throw new IllegalArgumentException("a constant names bootstrap method " + bootstrap + ", which is not there");
        }
        if (weights[bootstrap] < 0 || depth > MAX_DEPTH) {
            throw new IllegalArgumentException("a dynamic constant needs itself");
        }
        if (weights[bootstrap] == 0) {
            weights[bootstrap] = -1;
            long sum = 1;
            for (int constant : arguments[bootstrap]) {
                sum++;
                if (file.is(constant, 17)) {
                    int from = constants[constant];
                    sum += weight(file.unsigned(from + 1), arguments, weights, depth + 1);
                }
                if (sum > 100_000) {
                    throw new IllegalArgumentException("a dynamic constant has too many arguments");
                }
            }
            weights[bootstrap] = sum;
        }
        return weights[bootstrap];
    }
}
