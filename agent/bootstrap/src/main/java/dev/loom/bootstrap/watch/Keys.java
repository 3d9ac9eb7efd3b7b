package dev.loom.bootstrap.watch;

/** What a call is about within its object: the key of a map, an element of a set. Compared by hash, so that nothing of it is kept. */
final class Keys {

    private Keys() {}

    /** 0 for the object as a whole. A map or set that asks a key for its hash anyway does so in this very call. */
    static int of(Object object, Object about) {
        if (about == null) {
            return 0;
        }
        boolean isPlain = about instanceof String || about instanceof Number || about instanceof Boolean || about instanceof Character;
        int hash = isPlain || ObjectTypes.isHashed(object) ? about.hashCode() : System.identityHashCode(about);
        return hash == 0 ? 1 : hash;
    }
}
