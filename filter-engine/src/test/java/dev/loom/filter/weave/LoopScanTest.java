package dev.loom.filter.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;

@DisplayName("Which methods get update points at load, and which later")
class LoopScanTest {

    @SuppressWarnings("unused")
    private abstract static class Loops {
        int field;
        volatile boolean stop;
        Loops next;

        abstract boolean work(int i);

        static int plain(int a) {
            return a > 0 ? a : -a;
        }

        void briefCounted(int n) {
            for (int i = 0; i < n; i++) {
                work(i);
            }
        }

        void briefDownwards(int n) {
            for (int i = n; i >= 0; i--) {
                work(i);
            }
        }

        void briefFarVariable(int a, int b, int c, int d, long e) {
            for (int far = 0; far < a; far++) {
                work(far);
            }
        }

        void briefIterator(Iterator<Integer> all) {
            while (all.hasNext()) {
                work(all.next());
            }
        }

        void briefEach(List<Integer> all, int[] more) {
            for (int one : all) {
                work(one);
            }
            for (int one : more) {
                work(one);
            }
        }

        int briefCompute(int n) {
            int i = n;
            while (i != 1) {
                i = i % 2 == 0 ? i / 2 : 3 * i + 1;
            }
            return i;
        }

        Loops briefWalk() {
            Loops at = this;
            while (at.next != null) {
                at = at.next;
            }
            return at;
        }

        String briefJavaLang(String text) {
            String left = text;
            while (left.startsWith("/")) {
                left = left.substring(1);
            }
            return left;
        }

        void longEndless() {
            while (true) {
                work(1);
            }
        }

        void longAsked() {
            while (work(1)) {
                field++;
            }
        }

        void longFlag() {
            while (!stop) {
                work(1);
            }
        }

        void longSpin() {
            while (!stop) {
                Thread.onSpinWait();
            }
        }

        void longFlagThatCounts(long[] counts) {
            long turns = 0;
            while (!stop) {
                counts[0] = turns++;
            }
        }

        void longEndlessCompute() {
            while (true) {
                field++;
            }
        }

        void longMonitor() {
            while (!stop) {
                synchronized (this) {
                    field++;
                }
            }
        }

        void longWatch() {
            while (!stop) {}
        }

        void longCountedThatWaits(BlockingQueue<Integer> queue, int n) throws InterruptedException {
            for (int i = 0; i < n; i++) {
                work(queue.take());
            }
        }

        void longWaits() throws InterruptedException {
            Thread.sleep(1);
        }

        void longInsideBrief(int n) {
            for (int i = 0; i < n; i++) {
                while (work(i)) {
                    field++;
                }
            }
        }

        void longSwitch(int n) {
            while (true) {
                switch (field) {
                    case 1: work(1); continue;
                    case 2: work(2); continue;
                    case 3: return;
                    default: work(3);
                }
            }
        }
    }

    private static LoopScan scan(boolean splits) throws IOException {
        try (InputStream in = Loops.class.getResourceAsStream("LoopScanTest$Loops.class")) {
            return LoopScan.of(new ClassReader(in.readAllBytes()), splits);
        }
    }

    private static Set<String> names(Set<String> methods) {
        return methods.stream().map(method -> method.substring(0, method.indexOf('('))).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> declared(String prefix) {
        TreeSet<String> names = new TreeSet<>();
        for (var method : Loops.class.getDeclaredMethods()) {
            if (method.getName().startsWith(prefix)) {
                names.add(method.getName());
            }
        }
        return names;
    }

    @Test
    @DisplayName("a loop with a bound in sight is left for later, and one that may go on for ever is not")
    void told() throws IOException {
        LoopScan scan = scan(true);

        assertEquals(declared("long"), names(scan.methods()));
        assertEquals(declared("brief"), names(scan.brief()));
    }

    @Test
    @DisplayName("where nothing is to be left, all are given")
    void all() throws IOException {
        LoopScan scan = scan(false);
        Set<String> expected = declared("long");
        expected.addAll(declared("brief"));

        assertEquals(expected, names(scan.methods()));
        assertEquals(Set.of(), scan.brief());
    }
}
