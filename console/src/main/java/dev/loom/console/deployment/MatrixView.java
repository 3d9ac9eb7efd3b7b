package dev.loom.console.deployment;

import dev.loom.console.contract.Page;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which filter is how in which JVM: some of the filters, some of the JVMs.
 *
 * @param filters those on this page, in the order of their names
 * @param filterPage number of the page of filters, from 0
 * @param filterTotal filters on all pages
 */
public record MatrixView(List<Column> filters, int filterPage, int filterSize, int filterTotal, Page<Row> jvms) {

    /**
     * A filter.
     *
     * @param wanted number of JVMs where a deployment wants it
     * @param inForce number of those where it is in force
     * @param drifted number of JVMs where it is not as it is wanted
     */
    public record Column(String filter, int wanted, int inForce, int drifted) {}

    /** A JVM, with those of the page's filters that it has or shall have. */
    public record Row(long target, String name, String state, Map<String, String> labels, List<Cell> cells) {}

    /**
     * A filter in a JVM.
     *
     * @param deployment that wants it; null if none does
     * @param version that is wanted; null if none is
     * @param mode that is wanted, else that it has
     * @param drift null if it is as it is wanted
     */
    public record Cell(
            String filter, String state, double progress, @Nullable Long deployment, @Nullable Integer version, String mode, @Nullable Drift drift) {}
}
