package dev.loom.filter.plan;

/**
 * Names one method body.
 *
 * @param owner internal name of the class, {@code com/acme/Bank}
 * @param name method name
 * @param desc method descriptor (JVMS 4.3.3)
 */
public record MethodId(String owner, String name, String desc) implements Comparable<MethodId> {

    /** Name and descriptor together, {@code transfer(Lcom/acme/Account;J)V}: unique within the class. */
    public String key() {
        return name + desc;
    }

    @Override
    public int compareTo(MethodId other) {
        int byOwner = owner.compareTo(other.owner);
        return byOwner != 0 ? byOwner : key().compareTo(other.key());
    }

    @Override
    public String toString() {
        return owner.replace('/', '.') + "#" + name + desc;
    }
}
