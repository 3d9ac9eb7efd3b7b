package dev.loom.filter.check;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.syntax.Key;

/** Whether a constructor has the object that it makes for its key: no other thread has that yet, so nobody is excluded. */
final class ConstructorKeyCheck implements RegionCheck {

    @Override
    public void check(RegionView view, Diagnostics out) {
        Key key = view.region().source().key();
        if (view.body().isConstructor() && key != null && key.base() instanceof Key.Base.This && key.path().isEmpty()) {
            out.report(
                    DiagnosticCode.CONSTRUCTOR_KEY, view.span(),
                    "no other thread has the object while " + view.body().shown() + " makes it, unless that gives it away before it is done: by"
                            + " this, the region excludes nothing",
                    "leave the key out, key it by an object that the threads share, or name the code that calls the constructor");
        }
    }
}
