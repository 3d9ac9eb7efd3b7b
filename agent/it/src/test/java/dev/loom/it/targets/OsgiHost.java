package dev.loom.it.targets;

import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** Starts an OSGi framework, whichever is on the class path, and a bundle in it. */
public final class OsgiHost {

    private OsgiHost() {}

    /** @param args a directory for the framework, the bundle, and what is to be delegated to the boot loader, which may be empty */
    public static void main(String[] args) throws Exception {
        Map<String, String> configuration = new HashMap<>();
        configuration.put("org.osgi.framework.storage", args[0]);
        if (!args[2].isEmpty()) {
            configuration.put("org.osgi.framework.bootdelegation", args[2]);
        }
        Framework framework = ServiceLoader.load(FrameworkFactory.class).iterator().next().newFramework(configuration);
        framework.start();
        Bundle bundle = framework.getBundleContext().installBundle(args[1]);
        bundle.start();
        framework.waitForStop(0);
    }
}
