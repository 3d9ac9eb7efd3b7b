package dev.loom.agent.jmx;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javax.management.openmbean.ArrayType;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import org.jspecify.annotations.Nullable;

/**
 * How a record becomes a {@link CompositeData}: its items, each with a name, a description, an open type and where it comes from.
 *
 * @param <T> the record
 */
final class Schema<T> {

    private final CompositeType type;
    private final String[] names;
    private final List<Item<T>> items;

    private Schema(CompositeType type, String[] names, List<Item<T>> items) {
        this.type = type;
        this.names = names;
        this.items = items;
    }

    static <T> Builder<T> of(String name, String description) {
        return new Builder<>(name, description);
    }

    CompositeType type() {
        return type;
    }

    ArrayType<CompositeData[]> arrayType() {
        return Schema.array(type);
    }

    CompositeData toData(T value) {
        Object[] values = new Object[names.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = items.get(i).source.apply(value);
        }
        try {
            return new CompositeDataSupport(type, names, values);
        } catch (OpenDataException e) {
            throw new IllegalStateException("cannot build " + type.getTypeName() + ": " + e.getMessage());
        }
    }

    CompositeData[] toArray(List<T> values) {
        return values.stream().map(this::toData).toArray(CompositeData[]::new);
    }

    @SuppressWarnings("unchecked")
    static <E> ArrayType<E[]> array(OpenType<E> element) {
        try {
            return (ArrayType<E[]>) ArrayType.getArrayType(element);
        } catch (OpenDataException e) {
            throw new IllegalStateException(e.getMessage());
        }
    }

    private record Item<T>(String name, String description, OpenType<?> type, Function<T, @Nullable Object> source) {}

    /** Collects the items. */
    static final class Builder<T> {

        private final String name;
        private final String description;
        private final List<Item<T>> items = new ArrayList<>();

        private Builder(String name, String description) {
            this.name = name;
            this.description = description;
        }

        Builder<T> item(String itemName, OpenType<?> itemType, String itemDescription, Function<T, @Nullable Object> source) {
            items.add(new Item<>(itemName, Objects.requireNonNull(itemDescription), itemType, source));
            return this;
        }

        Schema<T> build() {
            String[] names = items.stream().map(Item::name).toArray(String[]::new);
            try {
                CompositeType type = new CompositeType(name, description, names,
                        items.stream().map(Item::description).toArray(String[]::new),
                        items.stream().map(Item::type).toArray(OpenType<?>[]::new));
                return new Schema<>(type, names, List.copyOf(items));
            } catch (OpenDataException e) {
                throw new IllegalStateException("cannot describe " + name + ": " + e.getMessage());
            }
        }
    }
}
