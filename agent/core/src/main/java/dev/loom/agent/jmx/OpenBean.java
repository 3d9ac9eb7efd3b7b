package dev.loom.agent.jmx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.ImmutableDescriptor;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanOperationInfo;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ReflectionException;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenMBeanConstructorInfo;
import javax.management.openmbean.OpenMBeanInfoSupport;
import javax.management.openmbean.OpenMBeanOperationInfo;
import javax.management.openmbean.OpenMBeanOperationInfoSupport;
import javax.management.openmbean.OpenMBeanParameterInfo;
import javax.management.openmbean.OpenMBeanParameterInfoSupport;
import javax.management.openmbean.OpenType;
import org.jspecify.annotations.Nullable;

/**
 * An MXBean made of a table instead of an interface, so that each attribute, operation and parameter carries the description and
 * the impact that jconsole shows, and nothing but JDK types leaves the JVM. All attributes of one read come from one snapshot.
 *
 * @param <S> the snapshot
 */
final class OpenBean<S> extends NotificationBroadcasterSupport implements DynamicMBean {

    private final Map<String, AttributeRow<S>> attributes;
    private final Map<String, OperationRow> operations;
    private final Snapshot<S> snapshot;
    private final MBeanInfo info;

    private OpenBean(Builder<S> builder, MBeanNotificationInfo[] notifications) {
        super(notifications);
        this.attributes = Map.copyOf(builder.attributes);
        this.operations = Map.copyOf(builder.operations);
        this.snapshot = builder.snapshot;
        this.info = new OpenMBeanInfoSupport(
                builder.name,
                builder.description,
                builder.attributes.values().stream().map(AttributeRow::info).toArray(OpenMBeanAttributeInfo[]::new),
                new OpenMBeanConstructorInfo[0],
                builder.operations.values().stream().map(OperationRow::info).toArray(OpenMBeanOperationInfo[]::new),
                notifications,
                // what javax.management.MXBean beans say of themselves; clients then know that all types are open
                new ImmutableDescriptor("mxbean=true", "immutableInfo=true", "interfaceClassName=" + builder.name));
    }

    static <S> Builder<S> of(String name, String description, Snapshot<S> snapshot) {
        return new Builder<>(name, description, snapshot);
    }

    @Override
    public @Nullable Object getAttribute(String attribute) throws AttributeNotFoundException {
        AttributeRow<S> row = attributes.get(attribute);
        if (row == null) {
            throw new AttributeNotFoundException("no attribute " + attribute);
        }
        return JdkExceptions.only(() -> row.source().apply(snapshot.take()));
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        AttributeList list = new AttributeList();
        S state = JdkExceptions.only(snapshot::take);
        for (String name : names) {
            AttributeRow<S> row = attributes.get(name);
            if (row != null) {
                list.add(new Attribute(name, JdkExceptions.only(() -> row.source().apply(state))));
            }
        }
        return list;
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException("attribute " + attribute.getName() + " cannot be written");
    }

    @Override
    public AttributeList setAttributes(AttributeList list) {
        return new AttributeList();
    }

    @Override
    public @Nullable Object invoke(String name, Object @Nullable [] arguments, String @Nullable [] signature)
            throws ReflectionException {
        int count = arguments == null ? 0 : arguments.length;
        OperationRow operation = operations.get(name);
        if (operation == null || operation.info().getSignature().length != count) {
            throw new ReflectionException(new NoSuchMethodException(name + " with " + count + " parameters"),
                    "no operation " + name + " with " + count + " parameters");
        }
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            Object argument = arguments[i];
            if (argument != null && !(argument instanceof String)) {
                throw new IllegalArgumentException("parameter " + (i + 1) + " of " + name + " is not a string");
            }
            texts[i] = argument == null ? "" : (String) argument;
        }
        return JdkExceptions.only(() -> operation.body().apply(texts));
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        return info;
    }

    /** Takes the state that the attributes of one read are computed from. */
    @FunctionalInterface
    interface Snapshot<S> {
        S take();
    }

    /** Collects attributes and operations. */
    static final class Builder<S> {

        private final String name;
        private final String description;
        private final Snapshot<S> snapshot;
        private final Map<String, AttributeRow<S>> attributes = new LinkedHashMap<>();
        private final Map<String, OperationRow> operations = new LinkedHashMap<>();

        private Builder(String name, String description, Snapshot<S> snapshot) {
            this.name = name;
            this.description = description;
            this.snapshot = snapshot;
        }

        Builder<S> attribute(String attribute, OpenType<?> type, String text, Function<S, @Nullable Object> source) {
            OpenMBeanAttributeInfo row = new OpenMBeanAttributeInfoSupport(attribute, text, type, true, false, false);
            attributes.put(attribute, new AttributeRow<>(row, source));
            return this;
        }

        /** An operation that only looks. */
        Builder<S> info(String operation, OpenType<?> result, String text, List<Parameter> parameters, Operation body) {
            return operation(operation, result, text, MBeanOperationInfo.INFO, parameters, body);
        }

        /** An operation that changes something. */
        Builder<S> action(String operation, OpenType<?> result, String text, List<Parameter> parameters, Operation body) {
            return operation(operation, result, text, MBeanOperationInfo.ACTION, parameters, body);
        }

        private Builder<S> operation(
                String operation, OpenType<?> result, String text, int impact, List<Parameter> parameters, Operation body) {
            List<OpenMBeanParameterInfo> rows = new ArrayList<>();
            for (Parameter parameter : parameters) {
                rows.add(new OpenMBeanParameterInfoSupport(
                        parameter.name, parameter.description, javax.management.openmbean.SimpleType.STRING));
            }
            operations.put(operation, new OperationRow(
                    new OpenMBeanOperationInfoSupport(
                            operation, text, rows.toArray(OpenMBeanParameterInfo[]::new), result, impact),
                    body));
            return this;
        }

        OpenBean<S> build(MBeanNotificationInfo... notifications) {
            return new OpenBean<>(this, notifications);
        }
    }

    /** A parameter of an operation; all are strings. */
    record Parameter(String name, String description) {}

    /** Body of an operation; gets no nulls. */
    @FunctionalInterface
    interface Operation {
        @Nullable Object apply(String[] arguments);
    }

    private record AttributeRow<S>(OpenMBeanAttributeInfo info, Function<S, @Nullable Object> source) {}

    private record OperationRow(OpenMBeanOperationInfo info, Operation body) {}
}
