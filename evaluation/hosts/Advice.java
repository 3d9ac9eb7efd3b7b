package host;

import org.aspectj.lang.JoinPoint;
import org.aspectj.lang.annotation.Aspect;
import org.aspectj.lang.annotation.Before;

/** Counts calls, as an aspect that is woven when classes are loaded. */
@Aspect
public class Advice {

    private static long calls;

    @Before("execution(* host.Host.*(..))")
    public void before(JoinPoint point) {
        calls += point.getSignature().getName().length();
    }
}
