package dev.loom.it.programs;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** H2 in memory: bulk inserts, joins, aggregates, updates from two connections, a constraint that is violated, a rollback. */
public final class H2Program {

    private H2Program() {}

    public static void main(String[] args) throws Exception {
        String url = "jdbc:h2:mem:loom;DB_CLOSE_DELAY=-1";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("create table owner(id int primary key, name varchar(40))");
            statement.execute("create table account(id int primary key, owner int references owner(id), amount decimal(12,2))");
            try (PreparedStatement insert = connection.prepareStatement("insert into owner values(?, ?)")) {
                for (int i = 0; i < 200; i++) {
                    insert.setInt(1, i);
                    insert.setString(2, "owner " + i * 7919 % 200);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            try (PreparedStatement insert = connection.prepareStatement("insert into account values(?, ?, ?)")) {
                for (int i = 0; i < 3_000; i++) {
                    insert.setInt(1, i);
                    insert.setInt(2, i * 31 % 200);
                    insert.setInt(3, i % 113);
                    insert.executeUpdate();
                }
            }
            statement.execute("create index by_owner on account(owner)");
            print(statement, "select o.name, count(*), sum(a.amount) from owner o join account a on a.owner = o.id"
                    + " group by o.name having sum(a.amount) > 700 order by 3 desc, 1 limit 20");
            print(statement, "select count(*) from account a where exists (select 1 from owner o where o.id = a.owner and o.name like '%7')");
            print(statement, "with recursive n(i) as (select 1 union all select i + 1 from n where i < 50) select sum(i * i) from n");
            try {
                statement.execute("insert into account values(1, 1, 1)");
            } catch (SQLException e) {
                System.out.println("RESULT violated " + e.getErrorCode());
            }
            connection.setAutoCommit(false);
            statement.executeUpdate("update account set amount = amount + 1 where owner < 100");
            connection.rollback();
            connection.setAutoCommit(true);
            print(statement, "select sum(amount) from account");
        }
        Thread[] workers = new Thread[3];
        for (int w = 0; w < workers.length; w++) {
            int own = w;
            workers[w] = new Thread(() -> {
                try (Connection mine = DriverManager.getConnection(url);
                        PreparedStatement update = mine.prepareStatement("update account set amount = amount + 1 where id = ?")) {
                    for (int i = own; i < 900; i += 3) {
                        update.setInt(1, i);
                        update.executeUpdate();
                    }
                } catch (SQLException e) {
                    System.out.println("RESULT " + e);
                }
            });
            workers[w].start();
        }
        for (Thread worker : workers) {
            worker.join();
        }
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            print(statement, "select sum(amount), max(amount) from account");
        }
        System.out.println("END");
        System.exit(0);
    }

    private static void print(Statement statement, String sql) throws SQLException {
        StringBuilder line = new StringBuilder();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                for (int c = 1; c <= rows.getMetaData().getColumnCount(); c++) {
                    line.append(rows.getString(c)).append(' ');
                }
            }
        }
        System.out.println("RESULT " + line);
    }
}
