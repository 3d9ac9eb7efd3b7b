package com.acme.racy;

import java.io.IOException;
import java.nio.file.Path;
import jdk.jfr.Recording;

/** Fails under JFR, so that there is a recording. */
public final class Recorded {

    private Recorded() {}

    /** Writes a recording of some failures. */
    public static void failures(Path file) throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable("jdk.JavaExceptionThrow").withStackTrace();
            recording.start();
            for (int i = 0; i < 20; i++) {
                try {
                    fail();
                } catch (IllegalStateException expected) {
                    // that is recorded
                }
            }
            recording.stop();
            recording.dump(file);
        }
    }

    private static void fail() {
        throw new IllegalStateException("torn");
    }
}
