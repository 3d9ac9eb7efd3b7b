package dev.loom.races;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/** How a test starts a race: as the script {@code run} does, from the classes that are being built. */
public final class RaceCommand {

    private RaceCommand() {}

    public static List<String> of(String race, List<String> options) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-cp", classPath(race)));
        command.addAll(options);
        if (race.equals("mybatis384")) {
            command.add("-XX:CompileCommand=quiet");
            command.add("-XX:CompileCommand=dontinline,java.lang.reflect.Method::invoke");
        }
        command.addAll(List.of(RaceMain.class.getName(), race));
        return command;
    }

    public static String classPath(String race) {
        String path = String.join(File.pathSeparator, "target/classes", "target/jars/" + race + "/*");
        return race.equals("logback-interrupt") ? path + File.pathSeparator + "../demo/target/classes" : path;
    }
}
