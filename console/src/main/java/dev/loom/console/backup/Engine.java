package dev.loom.console.backup;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** The two database engines, where plain SQL is not the same. */
enum Engine {
    H2 {
        @Override
        String nextNumber(Table table) {
            return "select identity_base from information_schema.columns where table_schema = current_schema and lower(table_name) = '"
                    + table.name() + "' and lower(column_name) = '" + table.identity() + "'";
        }

        @Override
        void readInPieces(Connection connection, boolean pieces) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set lazy_query_execution " + pieces);
            }
        }

        @Override
        String text(String value) {
            return value;
        }
    },
    POSTGRESQL {
        @Override
        String nextNumber(Table table) {
            return "select case when is_called then last_value + 1 else last_value end from " + table.name() + "_" + table.identity() + "_seq";
        }

        @Override
        void readInPieces(Connection connection, boolean pieces) {
            // the driver does, within a transaction, as many rows as a statement asks for
        }

        /** PostgreSQL has no U+0000 in texts; here it stands as what is shown for a character that cannot be shown. */
        @Override
        String text(String value) {
            return value.replace('\0', '\uFFFD');
        }
    };

    static Engine of(Connection connection) throws SQLException {
        String name = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "h2" -> H2;
            case "postgresql" -> POSTGRESQL;
            default -> throw new SQLException("The console's database is H2 or PostgreSQL, not " + name);
        };
    }

    /** A query for the number that an identity column gives next. */
    abstract String nextNumber(Table table);

    /** Whether queries of this session come row by row, not all at once. */
    abstract void readInPieces(Connection connection, boolean pieces) throws SQLException;

    /** A text as this engine can store it. */
    abstract String text(String value);
}
