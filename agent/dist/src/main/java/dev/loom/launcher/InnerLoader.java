package dev.loom.launcher;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.security.AllPermission;
import java.security.CodeSource;
import java.security.Permissions;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Loads the inside of the agent jar, where classes are called {@code inst/….classdata} so that no other loader takes them for
 * classes. Looks here first, so that a library of the same name on a path of the JVM's does no harm; the bootstrap facade is not in
 * here and comes from the parent.
 */
final class InnerLoader extends ClassLoader implements AutoCloseable {

    private static final String INSIDE = "inst/";

    static {
        registerAsParallelCapable();
    }

    private final ZipFile jar;
    private final ProtectionDomain domain;

    InnerLoader(File file, ClassLoader parent) throws IOException {
        super("loom", parent);
        this.jar = new ZipFile(file);
        // whatever policy a security manager that is set later goes by
        Permissions all = new Permissions();
        all.add(new AllPermission());
        this.domain = new ProtectionDomain(new CodeSource(file.toURI().toURL(), (Certificate[]) null), all);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> type = findLoadedClass(name);
            // nothing of the JDK's is inside, and it is asked for more often than all else
            if (type == null && !name.startsWith("java.")) {
                byte[] bytes = read(entry(name));
                type = bytes == null ? null : defineClass(name, bytes, 0, bytes.length, domain);
            }
            if (type == null) {
                return super.loadClass(name, resolve);
            }
            if (resolve) {
                resolveClass(type);
            }
            return type;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = read(entry(name));
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length, domain);
    }

    @Override
    protected URL findResource(String name) {
        byte[] bytes = read(INSIDE + name);
        if (bytes == null) {
            return null;
        }
        try {
            // an own handler: the JDK's for jar: would keep the file open in its cache after detach
            return new URL(null, "loom:/" + name, new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) {
                    return new BytesConnection(url, bytes);
                }
            });
        } catch (MalformedURLException e) {
            return null;
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL resource = findResource(name);
        return resource == null ? Collections.emptyEnumeration() : Collections.enumeration(Collections.singleton(resource));
    }

    @Override
    public URL getResource(String name) {
        URL own = findResource(name);
        return own != null ? own : super.getResource(name);
    }

    @Override
    public void close() {
        try {
            jar.close();
        } catch (IOException e) {
            // closing what was only read loses nothing
        }
    }

    private static String entry(String className) {
        return INSIDE + className.replace('.', '/') + ".classdata";
    }

    private byte[] read(String entry) {
        ZipEntry found = jar.getEntry(entry);
        if (found == null) {
            return null;
        }
        try (InputStream in = jar.getInputStream(found)) {
            // as large as it is: reading to the end would find that out in steps
            return in.readNBytes((int) found.getSize());
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + entry + " in " + jar.getName() + ": " + e);
        }
    }

    private static final class BytesConnection extends URLConnection {

        private final byte[] bytes;

        BytesConnection(URL url, byte[] bytes) {
            super(url);
            this.bytes = bytes;
        }

        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(bytes);
        }
    }
}
