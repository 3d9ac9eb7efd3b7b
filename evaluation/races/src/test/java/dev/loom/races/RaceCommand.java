package dev.loom.races;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/** How a test starts a race: as the script {@code run} does, from the classes that are being built. */
public final class RaceCommand {

    private RaceCommand() {}

    public static List<String> of(String race, List<String> options) {
        return of(race, race, options);
    }

    /** The same with the library's own fixed version. */
    static List<String> fixed(String race) {
        return of(race, race + "-fixed", List.of());
    }

    private static List<String> of(String race, String jars, List<String> options) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-cp", classPath(race, jars)));
        command.addAll(options);
        if (race.equals("mybatis384")) {
            command.add("-XX:CompileCommand=quiet");
            command.add("-XX:CompileCommand=dontinline,java.lang.reflect.Method::invoke");
        }
        command.addAll(List.of(RaceMain.class.getName(), race));
        return command;
    }

    public static String classPath(String race) {
        return classPath(race, race);
    }

    private static String classPath(String race, String jars) {
        String path = String.join(File.pathSeparator, "target/classes", "target/jars/" + jars + "/*");
        return race.equals("logback-interrupt") ? path + File.pathSeparator + "../demo/target/classes" : path;
    }
}
