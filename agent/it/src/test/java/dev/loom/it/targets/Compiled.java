package dev.loom.it.targets;

/** Workers whose classes other compilers have made: two of each class that the arguments name. */
public final class Compiled {

    private Compiled() {}

    public static void main(String[] classes) throws Exception {
        for (String name : classes) {
            Class<?> type = Class.forName(name);
            for (int i = 0; i < 2; i++) {
                Bench.work(type.getSimpleName() + "-" + i, (Bench.Work) type.getDeclaredConstructor().newInstance());
            }
        }
        Bench.run();
    }
}
