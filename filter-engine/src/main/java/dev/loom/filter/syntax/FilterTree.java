package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The syntax tree of one filter.
 *
 * @param name what the wrapper says, or null without a wrapper
 * @param nameSpan where the name stands
 * @param statements those that could be read, in order
 * @param unreadable names of regions and events whose declaration could not be read: to use them is no further error
 * @param mentioned names in statements that could not be read: whether they are used cannot be told
 * @param span the wrapper's, or the whole text's
 */
public record FilterTree(
        @Nullable String name, Span nameSpan, List<Statement> statements, List<Comment> comments, Set<String> unreadable,
                Set<String> mentioned, Span span) {
    public FilterTree {
        statements = List.copyOf(statements);
        comments = List.copyOf(comments);
        unreadable = Set.copyOf(unreadable);
        mentioned = Set.copyOf(mentioned);
    }
}
