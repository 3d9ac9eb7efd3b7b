package dev.loom.filter.weave.pass;

import dev.loom.filter.weave.body.WovenBody;

/** Puts what the passes before have gathered between the instructions of the body. */
public final class Placement implements Pass {

    @Override
    public void apply(WovenBody body) {
        body.applyInserts();
    }
}
