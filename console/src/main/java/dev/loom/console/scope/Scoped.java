package dev.loom.console.scope;

import org.jspecify.annotations.Nullable;

/** Somebody who is logged in, or a token: whoever may be restricted to some of the JVMs. */
public interface Scoped {

    /** The selector of the JVMs that they may act on; null for all. */
    @Nullable String scope();
}
