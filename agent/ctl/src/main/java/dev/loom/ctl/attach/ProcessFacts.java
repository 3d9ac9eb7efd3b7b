package dev.loom.ctl.attach;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the operating system tells about a process, asked before anything is done to it: attaching sends SIGQUIT, which ends a
 * process that is not a JVM and makes a JVM that does not listen print a thread dump. Only Linux tells all of it; what is not
 * known stays empty.
 *
 * @param exists whether there is such a process
 * @param owner its user, if known
 * @param command its program, if known
 * @param arguments its command line and JVM options from its environment, if readable
 * @param catchesQuit whether it handles SIGQUIT, if known
 * @param hasJvm whether libjvm is mapped into it, if known
 * @param innerPid its pid in its own namespace, if that is another one (a container)
 */
record ProcessFacts(
        long pid,
        boolean exists,
        Optional<String> owner,
        Optional<String> command,
        List<String> arguments,
        Optional<Boolean> catchesQuit,
        Optional<Boolean> hasJvm,
        Optional<Long> innerPid) {

    /** SIGQUIT is signal 3, so the third bit of the mask. */
    private static final long SIGQUIT = 1L << 2;

    static ProcessFacts of(long pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        Path proc = Path.of("/proc", Long.toString(pid));
        if (process.isEmpty()) {
            return new ProcessFacts(pid, false, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(),
                    Optional.empty());
        }
        Optional<String> status = read(proc.resolve("status"));
        return new ProcessFacts(
                pid,
                true,
                process.get().info().user().or(() -> owner(proc)),
                process.get().info().command().or(() -> status.flatMap(s -> field(s, "Name"))),
                arguments(proc),
                status.flatMap(s -> field(s, "SigCgt")).map(mask -> (Long.parseUnsignedLong(mask, 16) & SIGQUIT) != 0),
                read(proc.resolve("maps")).filter(maps -> !maps.isEmpty()).map(maps -> maps.contains("libjvm")),
                status.flatMap(s -> field(s, "NSpid")).flatMap(ProcessFacts::inner));
    }

    /** Whether an option is on the command line; the last of {@code -XX:+name} and {@code -XX:-name} counts. */
    Optional<Boolean> flag(String name) {
        Optional<Boolean> value = Optional.empty();
        for (String argument : arguments) {
            if (argument.equals("-XX:+" + name)) {
                value = Optional.of(true);
            } else if (argument.equals("-XX:-" + name)) {
                value = Optional.of(false);
            }
        }
        return value;
    }

    /** Whether this process may do to it what its own user may. */
    boolean isOursOrWeAreRoot() {
        String we = System.getProperty("user.name");
        return owner.isEmpty() || we.equals("root") || owner.get().equals(we);
    }

    private static Optional<String> owner(Path proc) {
        try {
            return Optional.of(Files.getOwner(proc).getName());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static List<String> arguments(Path proc) {
        List<String> arguments = new ArrayList<>();
        read(proc.resolve("environ")).ifPresent(environment -> {
            for (String variable : environment.split("\0")) {
                for (String name : List.of("JAVA_TOOL_OPTIONS=", "JDK_JAVA_OPTIONS=", "_JAVA_OPTIONS=")) {
                    if (variable.startsWith(name)) {
                        arguments.addAll(Arrays.asList(variable.substring(name.length()).split("\\s+")));
                    }
                }
            }
        });
        read(proc.resolve("cmdline")).ifPresent(line -> arguments.addAll(Arrays.asList(line.split("\0"))));
        return List.copyOf(arguments);
    }

    private static Optional<String> field(String status, String name) {
        return status.lines().filter(line -> line.startsWith(name + ":")).map(line -> line.substring(name.length() + 1).strip()).findFirst();
    }

    private static Optional<Long> inner(String pids) {
        String[] all = pids.split("\\s+");
        return all.length < 2 ? Optional.empty() : Optional.of(Long.parseLong(all[all.length - 1]));
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }
}
