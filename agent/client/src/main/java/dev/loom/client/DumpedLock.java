package dev.loom.client;

/**
 * An object whose monitor threads take, or a lock of {@code java.util.concurrent}.
 *
 * @param type its class
 * @param hash its identity hash, which tells it from others of its class
 */
public record DumpedLock(String type, int hash) {}
