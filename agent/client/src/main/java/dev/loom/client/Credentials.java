package dev.loom.client;

/** User and password of a JMX connector. Never shows its password. */
public record Credentials(String username, String password) {
    @Override
    public String toString() {
        return "Credentials[" + username + "]";
    }
}
