package dev.loom.filter.check;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.resolve.Body;
import dev.loom.filter.resolve.ResolvedRegion;

/** A region with the control flow of its body. */
record RegionView(ResolvedRegion region, ControlFlow code, RegionInterior interior) {

    Body body() {
        return region.body();
    }

    Span span() {
        return region.source().span();
    }
}
