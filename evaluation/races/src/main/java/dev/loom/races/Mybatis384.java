package dev.loom.races;

import org.apache.ibatis.builder.BuilderException;
import org.apache.ibatis.ognl.OgnlException;
import org.apache.ibatis.scripting.xmltags.OgnlCache;

/**
 * mybatis-3 PR #384: OGNL makes a shared Method accessible, invokes it and takes that back, also under another thread's feet. Runs
 * with -XX:CompileCommand=dontinline,java.lang.reflect.Method::invoke: C2 otherwise forwards the flag and hides most failures.
 */
final class Mybatis384 implements Race {

    private static final int BATCH = 1_000;

    private final Exclusion exclusion;
    private int failedInFirst;
    private int failedInSecond;

    Mybatis384(Exclusion exclusion) {
        this.exclusion = exclusion;
    }

    @Override
    public void prepare() {}

    @Override
    public void first() {
        failedInFirst = read();
    }

    @Override
    public void second() {
        failedInSecond = read();
    }

    private int read() {
        Person person = new Person();
        int failed = 0;
        for (int i = 0; i < BATCH; i++) {
            try {
                // as a mapper's <if test="..."> does
                exclusion.alone(() -> OgnlCache.getValue("name", person));
            } catch (BuilderException e) {
                if (!(e.getCause() instanceof OgnlException cause) || !(cause.getReason() instanceof IllegalAccessException)) {
                    throw e;
                }
                Traces.note(e);
                failed++;
            }
        }
        return failed;
    }

    @Override
    public int failures() {
        return failedInFirst + failedInSecond;
    }

    @Override
    public int operations() {
        return 2 * BATCH;
    }

    @Override
    public int pairs() {
        return 4;
    }

    /** A parameter object of a mapper: its class is not public, its getters are. */
    static final class Person {
        public String getName() {
            return "Ada";
        }
    }
}
