package dev.loom.filter.weave.pass;

import dev.loom.filter.weave.body.WovenBody;

/** One step of weaving a body. Has no state: what a later pass needs is left in the body. */
@FunctionalInterface
public interface Pass {

    void apply(WovenBody body);
}
