package dev.loom.agent.weave;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Methods of many shapes whose frames are moved while they run. */
public class TransferTarget {

    interface Shape {
        default long sum(int n) {
            long s = 0;
            for (int i = 0; i < n; i++) {
                s += own(i);
            }
            return s;
        }

        long own(int i);
    }

    private long field;

    public static String all() throws Exception {
        List<Object> results = new ArrayList<>();
        TransferTarget target = new TransferTarget();
        results.add(count(37));
        results.add(target.primitives((byte) 3, (short) 4, 'c', 1L << 40, 2.5f, 3.75, true));
        results.add(target.nested(9, 7));
        results.add(target.tries(20));
        results.add(target.doWhile(11));
        results.add(target.switches(40));
        results.add(target.sync(13));
        results.add(target.synchronizedMethod(13));
        results.add(target.recursive(6));
        results.add(((Shape) i -> i * 3L).sum(17));
        results.add(target.lambdas(12));
        results.add(target.queue(25));
        results.add(Arrays.toString(target.arrays(6)));
        results.add(target.thrown(15));
        results.add(target.varargs("a", "bc", "def"));
        results.add(target.continues(50));
        results.add(target.parameterReuse("x", 5));
        results.add(target.generic(List.of(1, 2, 3, 4)));
        results.add(target.finallyReturn(8));
        results.add(target.nulls(5));
        results.add(target.newInLoop(9));
        results.add(target.ternary(9));
        return results.toString();
    }

    static int count(int n) {
        int s = 0;
        for (int i = 0; i < n; i++) {
            s += i;
        }
        return s;
    }

    private String primitives(byte b, short s, char c, long l, float f, double d, boolean z) {
        long total = 0;
        double sum = 0;
        for (int i = 0; i < 10; i++) {
            long step = l + i;
            double more = d * i;
            total += step ^ b ^ s ^ c;
            sum += more + f;
            z = !z;
            b++;
            f += 0.5f;
        }
        return total + "/" + sum + "/" + z + "/" + b + "/" + f;
    }

    long nested(int n, int m) {
        long s = 0;
        outer:
        for (int i = 0; i < n; i++) {
            int k = i;
            while (k-- > 0) {
                for (int j = m; j > 0; j--) {
                    s = s * 31 + i * j + k;
                    if (s % 13 == 5) {
                        continue outer;
                    }
                    if (s % 101 == 7) {
                        break outer;
                    }
                }
            }
        }
        return s;
    }

    private String tries(int n) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < n; i++) {
            try {
                if (i % 3 == 0) {
                    throw new IllegalStateException("e" + i);
                }
                text.append(i);
                if (i % 7 == 4) {
                    continue;
                }
                text.append('.');
            } catch (IllegalStateException e) {
                text.append(e.getMessage());
            } finally {
                text.append(';');
            }
        }
        return text.toString();
    }

    private int doWhile(int n) {
        int s = 1;
        do {
            s = s * 3 + n;
            Object keep = n % 2 == 0 ? "even" : (Object) n;
            s += keep.hashCode() & 7;
        } while (--n > 0);
        return s;
    }

    private int switches(int n) {
        int state = 0;
        int steps = 0;
        while (true) {
            steps++;
            switch (state) {
                case 0:
                    state = n % 2 + 1;
                    break;
                case 1:
                    n -= 3;
                    state = 2;
                    continue;
                case 2:
                    n--;
                    state = n <= 0 ? 3 : 0;
                    break;
                default:
                    return steps * 100 + n;
            }
        }
    }

    private int sync(int n) {
        int s = 0;
        for (int i = 0; i < n; i++) {
            synchronized (this) {
                for (int j = 0; j < 3; j++) {
                    s += i ^ j;
                }
                field += s;
            }
            s ^= (int) field;
        }
        return s;
    }

    synchronized long synchronizedMethod(int n) {
        for (int i = 0; i < n; i++) {
            field += i;
            if (!Thread.holdsLock(this)) {
                throw new AssertionError("monitor lost");
            }
        }
        return field;
    }

    private long recursive(int n) {
        long s = 1;
        for (int i = 0; i < n; i++) {
            s = s * 7 + recursive(n - 1 - i) + i;
        }
        return s;
    }

    private int lambdas(int n) {
        IntSupplier sum = () -> {
            int s = 0;
            for (int i = 0; i < n; i++) {
                s += i + (int) field;
            }
            return s;
        };
        Supplier<String> text = () -> {
            String s = "";
            for (int i = 0; i < n; i++) {
                s += i;
            }
            return s;
        };
        return sum.getAsInt() + text.get().length();
    }

    private long queue(int n) throws InterruptedException {
        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(2);
        Thread feeder = new Thread(() -> {
            try {
                for (int i = 0; i <= n; i++) {
                    queue.put(i == n ? -1 : i);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        feeder.start();
        long s = 0;
        while (true) {
            int item = queue.take();
            if (item < 0) {
                break;
            }
            s = s * 5 + item;
        }
        feeder.join();
        return s;
    }

    private int[] arrays(int n) {
        int[][] grid = new int[n][n];
        int[] sums = new int[n];
        for (int[] row : grid) {
            for (int i = 0; i < row.length; i++) {
                row[i] = i * row.length;
                sums[i] += row[i];
            }
        }
        return sums;
    }

    private String thrown(int n) {
        StringBuilder text = new StringBuilder();
        try {
            for (int i = 0; ; i++) {
                if (i == n) {
                    throw new IllegalArgumentException("at " + i);
                }
                text.append(i);
            }
        } catch (IllegalArgumentException e) {
            return text.append(e.getMessage()).toString();
        }
    }

    private int varargs(String... all) {
        int s = 0;
        for (String each : all) {
            s = s * 31 + each.length();
        }
        return s;
    }

    private int continues(int n) {
        int s = 0;
        for (int i = 0; i < n; i++) {
            if (i % 2 == 0 || i % 3 == 0) {
                continue;
            }
            s += i;
        }
        return s;
    }

    private String parameterReuse(Object any, int n) {
        while (n > 0) {
            any = any + ":" + n;
            n--;
        }
        return any.toString();
    }

    private <T extends Number> double generic(List<T> numbers) {
        double s = 0;
        for (Iterator<T> it = numbers.iterator(); it.hasNext(); ) {
            s += it.next().doubleValue();
        }
        return s;
    }

    private int finallyReturn(int n) {
        int s = 0;
        while (true) {
            try {
                s += n;
                if (s > 50) {
                    return s;
                }
            } finally {
                n++;
            }
        }
    }

    private String nulls(int n) {
        Object last = null;
        String text = null;
        for (int i = 0; i < n; i++) {
            if (i == 3) {
                text = "three";
            }
            last = text == null ? null : text + i;
        }
        return String.valueOf(last);
    }

    private String newInLoop(int n) {
        StringBuilder all = new StringBuilder(new String(new char[] {'>'}));
        int i = 0;
        while (i < n) {
            all.append(new StringBuilder(i % 2 == 0 ? "even" : "odd").append(i));
            i++;
        }
        return all.toString();
    }

    private long ternary(int n) {
        long s = 0;
        for (int i = 0; i < n; i++) {
            s += count(i > 4 ? count(i) : i) + (i % 2 == 0 ? 1 : 2);
        }
        return s;
    }
}
