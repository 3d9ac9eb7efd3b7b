package dev.loom.console.backup;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A table as the database itself describes it, so that a new table or column is in the next backup without anybody thinking of it.
 *
 * @param name in small letters
 * @param columns in small letters, in the order of the table
 * @param types of the columns, as in {@link java.sql.Types}
 * @param identity the column that the database numbers; empty if there is none
 */
record Table(String name, List<String> columns, List<Integer> types, String identity) {

    /** Flyway's own; and sessions, which are nobody's to keep: whoever has a backup shall not have a login. */
    private static final Set<String> LEFT_OUT = Set.of("flyway_schema_history", "login_session");

    /** All tables of the schema, each behind those that it refers to. */
    static List<Table> all(Connection connection) throws SQLException {
        DatabaseMetaData description = connection.getMetaData();
        String schema = connection.getSchema();
        Map<String, String> written = new TreeMap<>(); // the name in small letters, and as the database writes it
        try (ResultSet tables = description.getTables(connection.getCatalog(), schema, "%", new String[] {"TABLE", "BASE TABLE"})) {
            while (tables.next()) {
                String name = tables.getString("TABLE_NAME");
                if (!LEFT_OUT.contains(name.toLowerCase(Locale.ROOT))) {
                    written.put(name.toLowerCase(Locale.ROOT), name);
                }
            }
        }
        Map<String, Set<String>> needs = new LinkedHashMap<>();
        for (Map.Entry<String, String> table : written.entrySet()) {
            Set<String> referred = new LinkedHashSet<>();
            try (ResultSet keys = description.getImportedKeys(connection.getCatalog(), schema, table.getValue())) {
                while (keys.next()) {
                    referred.add(keys.getString("PKTABLE_NAME").toLowerCase(Locale.ROOT));
                }
            }
            referred.remove(table.getKey());
            needs.put(table.getKey(), referred);
        }
        List<Table> ordered = new ArrayList<>();
        while (!needs.isEmpty()) {
            String next = needs.keySet().stream()
                    .filter(name -> needs.get(name).stream().noneMatch(needs::containsKey))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("tables refer to each other in a circle: " + needs));
            needs.remove(next);
            ordered.add(described(connection, next));
        }
        return ordered;
    }

    private static Table described(Connection connection, String name) throws SQLException {
        List<String> columns = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        String identity = "";
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("select * from " + name + " where 1 = 0")) {
            ResultSetMetaData description = none.getMetaData();
            for (int i = 1; i <= description.getColumnCount(); i++) {
                String column = description.getColumnName(i).toLowerCase(Locale.ROOT);
                columns.add(column);
                types.add(description.getColumnType(i));
                if (description.isAutoIncrement(i)) {
                    identity = column;
                }
            }
        }
        return new Table(name, List.copyOf(columns), List.copyOf(types), identity);
    }

    /** The number that the database would give next; numbers of deleted rows are not given again. */
    long nextNumber(Connection connection, Engine engine) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet next = statement.executeQuery(engine.nextNumber(this))) {
            next.next();
            return next.getLong(1);
        }
    }
}
