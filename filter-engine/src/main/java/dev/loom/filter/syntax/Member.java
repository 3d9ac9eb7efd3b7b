package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A method, or all the overloads of one.
 *
 * @param name {@code <init>} for constructors
 * @param parameters null where every overload is meant
 */
public record Member(TypeName type, Name name, @Nullable List<ParameterType> parameters, Span span) {
    public Member {
        parameters = parameters == null ? null : List.copyOf(parameters);
    }
}
