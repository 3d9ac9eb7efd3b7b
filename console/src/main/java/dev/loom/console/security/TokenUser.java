package dev.loom.console.security;

import dev.loom.console.scope.Scoped;
import java.io.Serializable;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** Whoever sent a token. */
record TokenUser(long id, String name, @Nullable String scope) implements Principal, Scoped, Serializable {

    @Override
    public String getName() {
        return "token:" + name;
    }
}
