package dev.loom.console.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.session.MapSession;
import org.springframework.session.Session;

/** A session as one request has it: a copy, which knows whether it differs from what is kept. Not thread-safe. */
final class ConsoleSession implements Session {

    private final MapSession content;
    private @Nullable String keptAs;
    private Instant keptAccess;
    private boolean changed;
    private boolean stored;

    /**
     * @param keptAs the id under which it is kept; null if it is new
     * @param stored whether that is in the database
     */
    ConsoleSession(MapSession content, @Nullable String keptAs, boolean stored) {
        this.stored = stored;
        this.content = content;
        this.keptAs = keptAs;
        this.keptAccess = content.getLastAccessedTime();
    }

    MapSession content() {
        return content;
    }

    /** The id under which it is kept; null if it is new. */
    @Nullable String keptAs() {
        return keptAs;
    }

    /** Whether its id or its attributes are others than those that are kept. */
    boolean isChanged() {
        return changed || !content.getId().equals(keptAs);
    }

    /** How long the access that is kept lies back. */
    Duration sinceKept() {
        return Duration.between(keptAccess, content.getLastAccessedTime());
    }

    boolean isStored() {
        return stored;
    }

    /** It is kept as it is now. */
    void kept(boolean inDatabase) {
        stored = inDatabase;
        keptAs = content.getId();
        keptAccess = content.getLastAccessedTime();
        changed = false;
    }

    @Override
    public String getId() {
        return content.getId();
    }

    @Override
    public String changeSessionId() {
        return content.changeSessionId();
    }

    @Override
    public <T> @Nullable T getAttribute(String name) {
        return content.getAttribute(name);
    }

    @Override
    public Set<String> getAttributeNames() {
        return content.getAttributeNames();
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        changed |= !Objects.equals(content.getAttribute(name), value);
        content.setAttribute(name, value);
    }

    @Override
    public void removeAttribute(String name) {
        setAttribute(name, null);
    }

    @Override
    public Instant getCreationTime() {
        return content.getCreationTime();
    }

    @Override
    public void setLastAccessedTime(Instant at) {
        content.setLastAccessedTime(at);
    }

    @Override
    public Instant getLastAccessedTime() {
        return content.getLastAccessedTime();
    }

    @Override
    public void setMaxInactiveInterval(Duration interval) {
        content.setMaxInactiveInterval(interval);
    }

    @Override
    public Duration getMaxInactiveInterval() {
        return content.getMaxInactiveInterval();
    }

    @Override
    public boolean isExpired() {
        return content.isExpired();
    }
}
