package dev.loom.races;

import org.apache.commons.lang.math.NumberRange;

/** LANG-481: the lazily computed hash code is built up in the field itself, so a second caller returns a part of it. */
final class Lang481 implements Race {

    private final Exclusion exclusion;
    private int number;
    private NumberRange range;
    private int expected;
    private int seenByFirst;
    private int seenBySecond;

    Lang481(Exclusion exclusion) {
        this.exclusion = exclusion;
    }

    @Override
    public void prepare() {
        number++;
        expected = range(number).hashCode();
        range = range(number);
    }

    @Override
    public void first() {
        exclusion.alone(() -> seenByFirst = range.hashCode());
    }

    @Override
    public void second() {
        exclusion.alone(() -> seenBySecond = range.hashCode());
    }

    @Override
    public int failures() {
        return seenByFirst == expected && seenBySecond == expected ? 0 : 1;
    }

    /** Several classes, so that the JIT leaves the calls of hashCode calls. */
    private static NumberRange range(int n) {
        return switch (n % 3) {
            case 0 -> new NumberRange(Integer.valueOf(n), Integer.valueOf(n + 1));
            case 1 -> new NumberRange(Long.valueOf(n), Long.valueOf(n + 1));
            default -> new NumberRange(new Version(n), new Version(n + 1));
        };
    }

    /** An application's own number. */
    private static final class Version extends Number implements Comparable<Version> {

        private static final long serialVersionUID = 1;
        private final int value;

        Version(int value) {
            this.value = value;
        }

        @Override
        public int compareTo(Version other) {
            return Integer.compare(value, other.value);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Version version && version.value == value;
        }

        @Override
        public int hashCode() {
            Thread.yield();
            return value;
        }

        @Override
        public int intValue() {
            return value;
        }

        @Override
        public long longValue() {
            return value;
        }

        @Override
        public float floatValue() {
            return value;
        }

        @Override
        public double doubleValue() {
            return value;
        }
    }
}
