package dev.loom.it.targets;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Activator of the bundle; its classes come from the bundle. */
public final class OsgiBundle implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        new Thread(new Overlapping(), "bundle").start();
    }

    @Override
    public void stop(BundleContext context) {
        System.exit(0);
    }
}
