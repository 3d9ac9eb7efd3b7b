package dev.loom.agent.jmx.connector;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import javax.management.remote.JMXAuthenticator;
import javax.management.remote.JMXPrincipal;
import javax.security.auth.Subject;

/** Lets in who knows the user and the password. */
final class PasswordCheck implements JMXAuthenticator {

    /** Price of a wrong guess, ms. */
    private static final long WRONG_MILLIS = 300;

    private final String user;
    private final byte[] password;

    PasswordCheck(String user, String password) {
        this.user = user;
        this.password = password.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Subject authenticate(Object credentials) {
        if (credentials instanceof String[] given && given.length == 2 && given[0] != null && given[1] != null) {
            // both are compared, in constant time, so that the answer's time tells nothing
            boolean rightUser = MessageDigest.isEqual(given[0].getBytes(StandardCharsets.UTF_8), user.getBytes(StandardCharsets.UTF_8));
            boolean rightPassword = MessageDigest.isEqual(given[1].getBytes(StandardCharsets.UTF_8), password);
            if (rightUser & rightPassword) {
                return new Subject(true, Set.of(new JMXPrincipal(user)), Set.of(), Set.of());
            }
        }
        try {
            Thread.sleep(WRONG_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SecurityException(credentials == null ? "user and password required" : "wrong user or password");
    }
}
