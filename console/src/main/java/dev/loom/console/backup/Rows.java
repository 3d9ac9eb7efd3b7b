package dev.loom.console.backup;

import java.io.BufferedReader;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Rows of a table as lines of JSON, out of a database and into one. */
final class Rows {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<LinkedHashMap<String, Object>> ROW = new TypeReference<>() {};
    private static final int AT_ONCE = 500;

    /** Takes a line. */
    interface Sink {
        void line(String json) throws IOException;
    }

    private Rows() {}

    /** Hands out each row of a table, and says what there was. */
    static Contents read(Connection connection, Table table, Sink sink) throws SQLException, IOException {
        Contents contents = new Contents();
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(AT_ONCE);
            try (ResultSet rows = statement.executeQuery("select " + String.join(", ", table.columns()) + " from " + table.name())) {
                while (rows.next()) {
                    Map<String, Object> row = new LinkedHashMap<>();
                    for (int i = 0; i < table.columns().size(); i++) {
                        row.put(table.columns().get(i), value(rows, i + 1, table.types().get(i)));
                    }
                    String line = JSON.writeValueAsString(row);
                    contents.add(line);
                    sink.line(line);
                }
            }
        }
        return contents;
    }

    private static Object value(ResultSet rows, int column, int type) throws SQLException {
        Object value = switch (type) {
            case Types.BIGINT, Types.INTEGER, Types.SMALLINT, Types.TINYINT -> rows.getLong(column);
            case Types.DOUBLE, Types.FLOAT, Types.REAL -> rows.getDouble(column);
            case Types.BOOLEAN, Types.BIT -> rows.getBoolean(column);
            case Types.VARCHAR, Types.CHAR, Types.CLOB, Types.LONGVARCHAR -> rows.getString(column);
            default -> throw new SQLException("A backup knows no column of type " + type + ": teach it that type");
        };
        return rows.wasNull() ? null : value;
    }

    /** Writes lines into a table, and says what they were. What the engine cannot store is changed to what it can, and is said so. */
    static Contents write(Connection connection, Engine engine, Table table, BufferedReader lines) throws SQLException, IOException {
        Contents written = new Contents();
        String sql = "insert into " + table.name() + " (" + String.join(", ", table.columns()) + ") values ("
                + String.join(", ", Collections.nCopies(table.columns().size(), "?")) + ")";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            int waiting = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Map<String, Object> row = JSON.readValue(line, ROW);
                written.add(asStored(engine, row) ? JSON.writeValueAsString(row) : line);
                bind(insert, table, row);
                insert.addBatch();
                if (++waiting == AT_ONCE) {
                    insert.executeBatch();
                    waiting = 0;
                }
            }
            if (waiting > 0) {
                insert.executeBatch();
            }
        }
        return written;
    }

    /** Changes the texts of a row to what the engine can store; false if they are that already. */
    private static boolean asStored(Engine engine, Map<String, Object> row) {
        boolean changed = false;
        for (Map.Entry<String, Object> column : row.entrySet()) {
            if (column.getValue() instanceof String text && !engine.text(text).equals(text)) {
                column.setValue(engine.text(text));
                changed = true;
            }
        }
        return changed;
    }

    private static void bind(PreparedStatement insert, Table table, Map<String, Object> row) throws SQLException, IOException {
        if (!row.keySet().equals(new LinkedHashSet<>(table.columns()))) {
            throw new IOException("a row of " + table.name() + " has the columns " + row.keySet() + ", not " + table.columns());
        }
        for (int i = 0; i < table.columns().size(); i++) {
            Object value = row.get(table.columns().get(i));
            int type = table.types().get(i);
            if (value == null) {
                insert.setNull(i + 1, type);
            } else if (isDouble(type)) {
                insert.setDouble(i + 1, Double.parseDouble(value.toString())); // NaN stands as a text
            } else if (value instanceof String text) {
                insert.setString(i + 1, text);
            } else {
                insert.setObject(i + 1, value);
            }
        }
    }

    private static boolean isDouble(int type) {
        return type == Types.DOUBLE || type == Types.FLOAT || type == Types.REAL;
    }
}
