package dev.loom.filter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The forms in which an application's classes are kept. */
public enum Packed {
    DIRECTORY,
    JAR,
    /** As Spring Boot makes it: classes in a directory of their own, jars stored inside. Every second class is in one. */
    APPLICATION_JAR;

    Path write(Sources classes, Path to) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        Map<String, byte[]> inside = new LinkedHashMap<>();
        boolean odd = false;
        for (String name : classes.names()) {
            byte[] file = classes.find(name).orElseThrow();
            boolean isInside = this == APPLICATION_JAR && odd;
            String root = this == APPLICATION_JAR && !odd ? "BOOT-INF/classes/" : "";
            (isInside ? inside : files).put(root + name + ".class", file);
            odd = !odd;
        }
        if (this == APPLICATION_JAR) {
            files.put("BOOT-INF/lib/inside.jar", zip(inside, false));
        }
        if (this != DIRECTORY) {
            return Files.write(Path.of(to + ".jar"), zip(files, this == APPLICATION_JAR));
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = to.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return to;
    }

    /** A zip archive in memory. */
    public static byte[] zip(Map<String, byte[]> files, boolean stored) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                if (stored) {
                    CRC32 crc = new CRC32();
                    crc.update(file.getValue());
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(file.getValue().length);
                    entry.setCrc(crc.getValue());
                }
                out.putNextEntry(entry);
                out.write(file.getValue());
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
