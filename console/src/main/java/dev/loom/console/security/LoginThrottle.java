package dev.loom.console.security;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.springframework.stereotype.Component;

/**
 * Slows down the guessing of passwords. After some failures an account, from one address, has to wait; the wait doubles with each
 * further failure, up to a quarter of an hour, and a success or an hour of rest clears it. An address as a whole is allowed more.
 */
@Component
class LoginThrottle {

    /** Failures that cost nothing, for one account from one address. */
    static final int FREE = 5;
    /** Failures that cost nothing, for one address. */
    static final int FREE_BY_ADDRESS = 30;

    private static final long FIRST_WAIT = 5_000;
    private static final long LONGEST_WAIT = 15 * 60_000;
    private static final long FORGET_AFTER = 60 * 60_000;
    private static final int MAX_ENTRIES = 10_000;

    private final LongSupplier millis;

    /** Guarded by itself. Oldest first, so that a flood of names pushes out the oldest. */
    private final Map<String, Failures> failures = new LinkedHashMap<>();

    private record Failures(int count, long last, long blockedUntil) {}

    LoginThrottle() {
        this(() -> System.nanoTime() / 1_000_000);
    }

    /** @param millis never goes back, whatever is done to the wall clock */
    LoginThrottle(LongSupplier millis) {
        this.millis = millis;
    }

    /** How long a login has to wait, ms; 0 if it may go on. */
    long waitMillis(String username, String address) {
        long now = millis.getAsLong();
        synchronized (failures) {
            return Math.max(wait(key(username, address), now), wait(address, now));
        }
    }

    private long wait(String key, long now) {
        Failures known = failures.get(key);
        return known == null ? 0 : Math.max(0, known.blockedUntil() - now);
    }

    void failed(String username, String address) {
        long now = millis.getAsLong();
        synchronized (failures) {
            count(key(username, address), FREE, now);
            count(address, FREE_BY_ADDRESS, now);
        }
    }

    private void count(String key, int free, long now) {
        Failures known = failures.remove(key);
        int count = known == null || now - known.last() > FORGET_AFTER ? 1 : known.count() + 1;
        long wait = count < free ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT << Math.min(count - free, 20));
        failures.put(key, new Failures(count, now, now + wait));
        if (failures.size() > MAX_ENTRIES) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    void succeeded(String username, String address) {
        synchronized (failures) {
            failures.remove(key(username, address));
        }
    }

    private static String key(String username, String address) {
        String name = username.toLowerCase(Locale.ROOT);
        return address + " " + (name.length() > 100 ? name.substring(0, 100) : name);
    }
}
