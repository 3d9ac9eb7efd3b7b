package dev.loom.agent.config;

/** When methods get update points whose frames are gone soon; all others get them when their class is loaded. */
public enum PrepareOption {
    /** When their class is loaded, too. */
    START,
    /** In the background, once few classes are loaded any more, or when a filter needs them. */
    LATER,
    /** When a filter needs them. */
    NEEDED
}
