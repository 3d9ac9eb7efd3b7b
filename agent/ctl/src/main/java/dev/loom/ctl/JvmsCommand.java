package dev.loom.ctl;

import dev.loom.ctl.attach.AttachedJvm;
import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.Printer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "jvms", description = "List the JVMs of this machine, and whether Loom is in them.")
final class JvmsCommand implements Callable<Integer> {

    /** Time for one JVM to answer, ms. */
    private static final long ANSWER_MILLIS = 5_000;

    @Mixin
    private CommonOptions common;

    /** @param note why nothing more is known; empty if all is */
    private record Row(long pid, String java, String loom, String main, String note) {}

    @Override
    public Integer call() {
        Printer printer = common.printer();
        List<Row> rows = rows();
        if (printer.isJson()) {
            printer.json(rows.stream().map(JvmsCommand::json).toList());
            return ExitStatus.DONE;
        }
        if (rows.isEmpty()) {
            printer.line("No other JVM of this user is seen on this machine.");
            return ExitStatus.DONE;
        }
        printer.table(List.of("PID", "JAVA", "LOOM", "MAIN"),
                rows.stream().map(row -> List.of(Long.toString(row.pid), row.java.isEmpty() ? "?" : row.java,
                        row.note.isEmpty() ? row.loom.isEmpty() ? "no" : row.loom : "?", shorten(row.main))).toList());
        rows.stream().filter(row -> !row.note.isEmpty()).forEach(row -> printer.note(row.pid + ": " + row.note));
        return ExitStatus.DONE;
    }

    private static List<Row> rows() {
        // each JVM is asked by itself: one that hangs must not keep the others' answers back
        ExecutorService executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "ask a JVM");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Map<AttachedJvm.Seen, Future<Row>> asked = new LinkedHashMap<>();
            AttachedJvm.list().forEach(jvm -> asked.put(jvm, executor.submit(() -> ask(jvm))));
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
            List<Row> rows = new ArrayList<>();
            asked.forEach((jvm, answer) -> rows.add(await(jvm, answer, deadline)));
            return rows;
        } finally {
            executor.shutdownNow();
        }
    }

    private static Row ask(AttachedJvm.Seen seen) {
        try (AttachedJvm jvm = AttachedJvm.attach(seen.pid())) {
            Properties properties = jvm.properties();
            return new Row(seen.pid(), properties.getProperty("java.version", ""), jvm.agentVersion(), seen.main(), "");
        } catch (CommandFailure e) {
            return new Row(seen.pid(), "", "", seen.main(), e.getMessage());
        }
    }

    private static Row await(AttachedJvm.Seen seen, Future<Row> answer, long deadline) {
        try {
            return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new Row(seen.pid(), "", "", seen.main(), "does not answer within " + ANSWER_MILLIS / 1_000 + " s");
        } catch (InterruptedException | ExecutionException e) {
            return new Row(seen.pid(), "", "", seen.main(), String.valueOf(e.getCause()));
        }
    }

    private static Map<String, Object> json(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pid", row.pid);
        json.put("main", row.main);
        json.put("java", row.java);
        json.put("loom", row.note.isEmpty() ? !row.loom.isEmpty() : null);
        json.put("version", row.loom.isEmpty() ? null : row.loom);
        json.put("note", row.note);
        return json;
    }

    private static String shorten(String main) {
        return main.length() <= 100 ? main : main.substring(0, 99) + "…";
    }
}
