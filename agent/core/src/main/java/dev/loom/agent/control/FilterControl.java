package dev.loom.agent.control;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What can be done with filters in this JVM. Thread-safe. A user's mistake in a filter is a {@link FilterStatus} in state
 * {@code REJECTED}, never an exception.
 */
public interface FilterControl {

    /**
     * Installs a filter, or replaces the one of that name. Returns when it is accepted or rejected; evacuation goes on by itself.
     *
     * @param name empty to take the name from the text
     * @throws IllegalStateException if a replacement of that name is still being checked, or the agent is shutting down
     */
    FilterStatus install(String name, String text, InstallOptions options);

    /** Checks a filter against the loaded classes and changes nothing. */
    FilterStatus check(String text);

    /** What would be woven, as text for people. */
    String explain(String text);

    /**
     * A text with pins for the methods that it would weave here, instead of those that it has. Changes nothing.
     *
     * @throws IllegalArgumentException if the filter is rejected, with the first reason
     */
    String pinned(String text);

    /**
     * Names that begin as typed, for an editor: of classes, behind {@code #} of a class's methods, behind {@code :} its lines, behind {@code by} keys.
     * Changes nothing.
     */
    List<String> complete(String typed);

    /**
     * A loaded class line by line, with the hooks that are in force there. Changes nothing.
     *
     * @param type {@code com.acme.Bank}
     * @param loader one that a listing names; empty for the application's main one, or else any
     * @throws IllegalArgumentException if there is no such class
     */
    CodeListing listing(String type, String loader);

    /**
     * Filters for the stack traces in a text, made of the classes that are loaded, the best first. Changes nothing.
     *
     * @throws IllegalArgumentException if there is none, with the reason
     */
    List<Suggestion> suggest(String text);

    /** @throws IllegalArgumentException if there is no such filter */
    FilterStatus remove(String name);

    /** Removes all filters; returns their states. */
    List<FilterStatus> removeAll();

    /** Takes an install or replacement that is not finished back. @throws IllegalArgumentException if there is nothing to cancel */
    FilterStatus cancel(String name);

    /** Accepts the stragglers that are left. @throws IllegalArgumentException if there is no such filter, or why is blank */
    FilterStatus acceptStragglers(String name, String why);

    /** Sets the hook counters of a filter to 0. */
    void resetCounters(String name);

    /** The filters of this JVM in order of install; ended ones are kept until their name is used again, 100 at most. */
    List<FilterStatus> filters();

    /** One of {@link #filters()}. */
    Optional<FilterStatus> filter(String name);

    /**
     * The last interleavings that a filter prevented, or saw, and that were looked at, the newest first: a few each second, 50 in all. Of a thread that waits
     * for less than a few microseconds nothing is seen.
     *
     * @throws IllegalArgumentException if there is no such filter
     */
    List<SeenInterleaving> interleavings(String name);

    /**
     * Begins to look for races; ends by itself. Nothing of it is left behind then.
     *
     * @param classes patterns as {@code com.acme.**}, separated by {@code ;}
     * @throws IllegalArgumentException if one is none
     * @throws IllegalStateException if somebody looks for races already, or the agent is leaving
     */
    FindStatus find(String classes, FindOptions options);

    /** Ends the search for races, if there is one; returns what was found. */
    FindStatus stopFinding();

    /** The search for races that is under way, or the last one. */
    FindStatus finding();

    /** The agent as a whole. */
    AgentStatus agent();

    /** Calls back, on a Loom thread, for each event. */
    void addListener(Consumer<FilterEvent> listener);
}
