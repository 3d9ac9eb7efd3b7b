package dev.loom.launcher;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/** Runs the control tool out of the agent jar. */
final class ControlTool {

    private ControlTool() {}

    /** Gives the exit status. */
    static int run(File jar, String[] arguments) throws Exception {
        try (InnerLoader loader = new InnerLoader(jar, ClassLoader.getSystemClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            return (int) loader.loadClass("dev.loom.ctl.LoomCtl")
                    .getMethod("run", String.class, String.class, String[].class)
                    .invoke(null, jar.getPath(), version(jar), arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static String version(File file) throws IOException {
        try (JarFile jar = new JarFile(file)) {
            String version = jar.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
            return version == null ? "unknown" : version;
        }
    }
}
