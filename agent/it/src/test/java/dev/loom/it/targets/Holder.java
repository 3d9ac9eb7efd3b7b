package dev.loom.it.targets;

/** Loads the classes that its arguments name, initializes none of them, and stays for as long as a test may take. */
public final class Holder {

    /** It ends by itself if the test that started it was killed, ms. */
    private static final long LIFE_MILLIS = 600_000;

    private Holder() {}

    public static void main(String[] names) throws Exception {
        for (String name : names) {
            Class.forName(name, false, Holder.class.getClassLoader());
        }
        System.out.println("ready");
        Thread.sleep(LIFE_MILLIS);
    }
}
