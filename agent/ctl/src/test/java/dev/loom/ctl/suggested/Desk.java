package dev.loom.ctl.suggested;

/** Something with a part of its own: what is done at the desk is done in its drawer. */
public final class Desk {

    private final Drawer drawer = new Drawer();

    public void open(int amount) {
        drawer.fill(amount);
    }

    public void close(int amount) {
        drawer.empty(amount);
    }

    /** The part. */
    public static final class Drawer {

        private int content;

        public void fill(int amount) {
            if (content < amount) {
                throw new IllegalStateException("fill");
            }
            content = amount;
        }

        public void empty(int amount) {
            if (content < amount) {
                throw new IllegalStateException("empty");
            }
            content = 0;
        }

        public int count() {
            return content;
        }
    }
}
