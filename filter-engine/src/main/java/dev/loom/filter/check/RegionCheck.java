package dev.loom.filter.check;

import dev.loom.filter.diagnostic.Diagnostics;

/** One question about one region in one method body. */
interface RegionCheck {

    void check(RegionView view, Diagnostics out);
}
