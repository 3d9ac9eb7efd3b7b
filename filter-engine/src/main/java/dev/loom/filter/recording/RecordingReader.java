package dev.loom.filter.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** Goes through the events of a recording. The one class that knows the JDK's reader, so that all others load without module jdk.jfr. */
final class RecordingReader {

    /** Frames of a stack that are taken; JFR itself takes 64 unless it is told otherwise. */
    private static final int MAX_FRAMES = 200;
    /** Events between two looks at the clock. */
    private static final int BETWEEN = 256;

    /** Where the JDK looks classes and methods up: what it throws there it expects, and handles. */
    private static final List<String> LOOKUPS = List.of(
            "java.lang.invoke.", "java.lang.ClassLoader.", "java.lang.Class.", "java.net.URLClassLoader.", "jdk.internal.loader.", "jdk.internal.reflect.");

    private RecordingReader() {}

    /** @param deadline in {@link System#nanoTime} */
    static void read(Path file, long deadline, RecordedStacks stacks) throws IOException, UnreadableRecording {
        try (RecordingFile recording = new RecordingFile(file)) {
            for (long i = 0; recording.hasMoreEvents(); i++) {
                if (i % BETWEEN == 0 && System.nanoTime() > deadline) {
                    throw new UnreadableRecording("the recording takes too long to read", "record a shorter time, or only exceptions");
                }
                event(recording.readEvent(), stacks);
            }
        }
    }

    private static void event(RecordedEvent event, RecordedStacks stacks) {
        String type = event.getEventType().getName();
        switch (type) {
            case "jdk.JavaExceptionThrow", "jdk.JavaErrorThrow" -> thrown(type, event, stacks);
            case "jdk.ThreadDump" -> stacks.dump(text(event, "result"));
            default -> {
                // tells of no failure
            }
        }
    }

    private static void thrown(String type, RecordedEvent event, RecordedStacks stacks) {
        RecordedStackTrace trace = event.getStackTrace();
        Object thrown = event.hasField("thrownClass") ? event.getValue("thrownClass") : null;
        if (trace == null || !(thrown instanceof RecordedClass of)) {
            return;
        }
        List<String> frames = new ArrayList<>();
        boolean isOwn = false;
        boolean isMade = false;
        for (RecordedFrame frame : trace.getFrames().subList(0, Math.min(MAX_FRAMES, trace.getFrames().size()))) {
            RecordedMethod method = frame.getMethod();
            if (!frame.isJavaFrame() || method == null || method.getType() == null) {
                continue;
            }
            String owner = method.getType().getName();
            // the constructors of the exception, and of what it extends, stand in front of the method that made it
            boolean isConstructor = method.getName().equals("<init>") || method.getName().equals("fillInStackTrace");
            isMade |= !isConstructor || isOwn && !owner.equals(of.getName());
            isOwn |= owner.equals(of.getName());
            if (isMade) {
                frames.add(owner + "." + method.getName() + "(" + frame.getLineNumber() + ")");
            }
        }
        if (frames.isEmpty() || LOOKUPS.stream().anyMatch(frames.get(0)::startsWith)) {
            return;
        }
        stacks.thrown(type, of.getName(), text(event, "message"), frames);
    }

    private static String text(RecordedEvent event, String field) {
        return event.hasField(field) && event.getValue(field) instanceof String text ? text : "";
    }
}
