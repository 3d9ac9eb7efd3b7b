package dev.loom.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Inserts, updates, joins and deletes in an H2 database in memory, by one thread; several share the database and have tables of their own. */
final class H2Work implements Workload {

    private final Connection connection;

    H2Work() throws SQLException {
        this(0);
    }

    /** @param number of the schema in which its tables are */
    H2Work(int number) throws SQLException {
        connection = DriverManager.getConnection("jdbc:h2:mem:benchmark");
        try (Statement statement = connection.createStatement()) {
            statement.execute("create schema s" + number);
            statement.execute("set schema s" + number);
            statement.execute("create table account(id int primary key, owner varchar, balance bigint)");
            statement.execute("create table entry(id int auto_increment primary key, account int, amount bigint)");
            statement.execute("create index entries on entry(account)");
        }
    }

    @Override
    public long once() throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement account = connection.prepareStatement("insert into account values(?, ?, ?)");
                PreparedStatement entry = connection.prepareStatement("insert into entry(account, amount) values(?, ?)")) {
            for (int i = 0; i < 100; i++) {
                account.setInt(1, i);
                account.setString(2, "owner " + i % 13);
                account.setLong(3, 100);
                account.executeUpdate();
                entry.setInt(1, i);
                entry.setLong(2, i * 7 % 50);
                entry.executeUpdate();
            }
        }
        long sum = 0;
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("update account set balance = balance + (select sum(amount) from entry where account = account.id)");
            try (ResultSet rows = statement.executeQuery(
                    "select owner, sum(balance), count(*) from account join entry on account = account.id group by owner order by 2")) {
                while (rows.next()) {
                    sum += rows.getLong(2);
                }
            }
            statement.executeUpdate("delete from account");
            statement.executeUpdate("delete from entry");
        }
        connection.commit();
        return sum;
    }
}
