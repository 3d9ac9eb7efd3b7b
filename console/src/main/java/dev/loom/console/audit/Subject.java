package dev.loom.console.audit;

import org.jspecify.annotations.Nullable;

/** What an event is about: any of a JVM, a filter and a deployment. */
public record Subject(@Nullable Long target, @Nullable String filter, @Nullable Long deployment) {

    /** The console as a whole. */
    public static final Subject NONE = new Subject(null, null, null);

    public static Subject ofTarget(long target) {
        return new Subject(target, null, null);
    }

    public static Subject ofFilter(String filter) {
        return new Subject(null, filter, null);
    }

    public static Subject ofDeployment(long deployment, String filter) {
        return new Subject(null, filter, deployment);
    }
}
