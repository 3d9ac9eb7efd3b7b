package dev.loom.console.page;

import dev.loom.console.scope.Scope;
import java.util.Map;
import java.util.function.IntSupplier;

/** Who looks, and what they may do; {@code shell} in templates. */
public final class Viewer {

    private final String user;
    private final String role;
    private final boolean author;
    private final boolean operator;
    private final boolean admin;
    private final Scope scope;
    private final IntSupplier attention;

    Viewer(String user, String role, boolean author, boolean operator, boolean admin, Scope scope, IntSupplier attention) {
        this.user = user;
        this.role = role;
        this.author = author;
        this.operator = operator;
        this.admin = admin;
        this.scope = scope;
        this.attention = attention;
    }

    public String getUser() {
        return user;
    }

    public String getRole() {
        return role;
    }

    /** Whether they write filters. */
    public boolean isAuthor() {
        return author;
    }

    /** Whether they add JVMs, enable and disable. */
    public boolean isOperator() {
        return operator;
    }

    /** Whether they add JVMs: whoever is restricted to some does not. */
    public boolean isAdder() {
        return operator && scope.isEverywhere();
    }

    /** Whether they act on a JVM with these labels. */
    public boolean actsOn(Map<String, String> labels) {
        return operator && scope.covers(labels);
    }

    public boolean isAdmin() {
        return admin;
    }

    /** Number of things that want attention; asked for by whole pages only, not by each part that is fetched anew. */
    public int getAttention() {
        return attention.getAsInt();
    }
}
