package dev.loom.it.targets;

/** Loads the classes that its arguments name, initializes none of them, and stays. */
public final class Holder {

    private Holder() {}

    public static void main(String[] names) throws Exception {
        for (String name : names) {
            Class.forName(name, false, Holder.class.getClassLoader());
        }
        System.out.println("ready");
        Thread.sleep(Long.MAX_VALUE);
    }
}
