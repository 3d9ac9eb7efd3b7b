package dev.loom.it.shell.target;

import java.util.logging.LogManager;

/** A log manager of the application's, as application servers have them. */
public final class OwnLogManager extends LogManager {

    public static void main(String[] args) throws Exception {
        System.out.println("ready");
        Thread.sleep(Long.parseLong(args[0]));
        System.out.println(LogManager.getLogManager().getClass().getSimpleName());
    }
}
