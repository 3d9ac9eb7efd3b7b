package dev.loom.console.page;

import dev.loom.console.deployment.Drift;
import dev.loom.console.deployment.MatrixView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JVM in the matrix.
 *
 * @param cells one for each filter of the page; null where the JVM neither has nor shall have it
 */
public record MatrixRow(long id, String name, String state, List<@Nullable Cell> cells) {

    /**
     * A filter in it.
     *
     * @param label what a link of nothing but a state is about
     * @param version that is wanted; null if none is
     * @param drift null if it is as it is wanted
     */
    public record Cell(String href, String label, String state, @Nullable Integer version, boolean observe, @Nullable Drift drift) {}

    static MatrixRow of(MatrixView.Row row, List<MatrixView.Column> columns) {
        List<@Nullable Cell> cells = new ArrayList<>();
        for (MatrixView.Column column : columns) {
            cells.add(row.cells().stream().filter(c -> c.filter().equals(column.filter())).findFirst().map(c -> cell(row, c)).orElse(null));
        }
        return new MatrixRow(row.target(), row.name(), row.state(), cells);
    }

    /** What drifted is acted on on the JVM's page, all else looked at on the deployment's. */
    private static Cell cell(MatrixView.Row row, MatrixView.Cell c) {
        String href = c.deployment() == null || c.drift() != null ? "/targets/" + row.target() : "/deployments/" + c.deployment() + "?target=" + row.target();
        return new Cell(
                href, c.filter() + " in " + row.name() + ": " + c.state().replace('_', ' '), c.state(), c.version(), c.mode().equals("observe"), c.drift());
    }
}
