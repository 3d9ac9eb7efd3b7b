package dev.loom.filter.weave.pass;

import dev.loom.filter.weave.body.WovenBody;

/** Appends trampolines and restores. Behind the unwinding, so that no range of the body's own covers them. */
public final class OutOfLine implements Pass {

    @Override
    public void apply(WovenBody body) {
        body.method().instructions.add(body.outOfLine());
    }
}
