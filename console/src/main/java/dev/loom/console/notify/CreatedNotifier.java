package dev.loom.console.notify;

import org.jspecify.annotations.Nullable;

/**
 * A notifier that was just made, or given a new secret.
 *
 * @param secret with which its requests are signed, told this once; null for mail
 */
public record CreatedNotifier(NotifierView notifier, @Nullable String secret) {
    @Override
    public String toString() {
        return "CreatedNotifier[" + notifier.id() + "]";
    }
}
