package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.context.i18n.LocaleContextHolder;

/** Pages that are made when a JVM has answered: numbers are written as whoever looks writes them, also on the thread that brings the answer. */
final class InLocale {

    private InLocale() {}

    static <T, R> CompletableFuture<R> handle(CompletableFuture<T> later, BiFunction<@Nullable T, @Nullable Throwable, R> view) {
        Locale locale = LocaleContextHolder.getLocale();
        return later.handle((value, failure) -> {
            LocaleContextHolder.setLocale(locale);
            try {
                return view.apply(value, failure);
            } finally {
                LocaleContextHolder.resetLocaleContext();
            }
        });
    }

    /** Why there is no answer. */
    static LoomProblem problem(@Nullable Throwable failure) {
        Throwable cause = failure != null && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof LoomProblem problem ? problem : new LoomProblem(ProblemCode.INTERNAL, "The console failed: " + cause);
    }
}
