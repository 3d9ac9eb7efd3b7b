package dev.loom.console.target;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This machine's name. */
final class Hosts {

    private static final String HERE = find();

    private Hosts() {}

    static String here() {
        return HERE;
    }

    private static String find() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
