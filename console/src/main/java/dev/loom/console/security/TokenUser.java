package dev.loom.console.security;

import java.io.Serializable;
import java.security.Principal;

/** Whoever sent a token. */
record TokenUser(long id, String name) implements Principal, Serializable {

    @Override
    public String getName() {
        return "token:" + name;
    }
}
