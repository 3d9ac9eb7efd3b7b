package dev.loom.agent.config;

import java.net.URI;

/**
 * The console to register with.
 *
 * @param url its base URL, without a slash at the end
 * @param token its enrolment token; empty if none was given
 * @param insecure whether token and JMX password may travel to another machine without TLS
 */
public record ConsoleOptions(URI url, String token, boolean insecure) {

    /** Keeps the token out of logs. */
    @Override
    public String toString() {
        return "ConsoleOptions[url=" + url + ", token=" + (token.isEmpty() ? "none" : "given") + "]";
    }
}
