package dev.loom.it.shell.target;

/** Runs for a while and ends by itself. */
public final class Brief {

    private Brief() {}

    public static void main(String[] args) throws Exception {
        System.out.println("ready");
        Thread.sleep(Long.parseLong(args[0]));
        System.out.println("done");
    }
}
