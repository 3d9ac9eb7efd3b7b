package dev.loom.filter.weave.body;

import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;

/**
 * What woven code and the classes that it calls agree on: every name, descriptor and line number with a meaning, written once. The
 * text by which a hook is told where its key comes from is {@link KeySource}.
 *
 * @param hooks internal name of the class with entry and exit hooks
 * @param hold type of a token
 * @param guards class with update point guards
 * @param transfer class that saves and restores frames
 * @param frame type of a saved frame
 */
public record HookAbi(String hooks, String hold, String guards, String transfer, String frame) {

    /** Line number of stubs: a frame there is a shell that only forwards to its continuation. */
    public static final int SHELL_LINE = 65535;

    /** Line number of restores: a frame there asks a guard before it goes on. */
    public static final int RESTORE_LINE = 65534;

    /** The agent's own. */
    public static final HookAbi BOOTSTRAP = new HookAbi(
            "dev/loom/bootstrap/Hooks",
            "dev/loom/bootstrap/Hold",
            "dev/loom/bootstrap/UpdatePointSites",
            "dev/loom/bootstrap/Transfer",
            "dev/loom/bootstrap/SavedFrame");

    /** What watch points call; apart from the hooks, as few JVMs ever need it. */
    private static final String WATCH = "dev/loom/bootstrap/Watch";

    private static final String LINK = "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;";
    private static final String LINKED = ")Ljava/lang/invoke/CallSite;";

    /** A static method that woven code calls. */
    public record Call(String owner, String name, String desc) {

        /** Whether an instruction's owner and name are those of this call. */
        public boolean is(String otherOwner, String otherName) {
            return owner.equals(otherOwner) && name.equals(otherName);
        }
    }

    // ---- regions and events, by Hooks ----------------------------------------------------------------------------------------

    /** Links an entry: hook id, source of the key. */
    public Handle enter() {
        return bootstrap(hooks, "enter", "ILjava/lang/String;");
    }

    /** Links the counting of an event: hook id, source of the count. */
    public Handle count() {
        return bootstrap(hooks, "count", "ILjava/lang/String;");
    }

    /** Descriptor of a linked entry or count; the type of what its key starts from, empty for none. */
    public String enterDesc(String keyType) {
        return "(" + holdDesc() + keyType + ")" + holdDesc();
    }

    public Call exit() {
        return new Call(hooks, "exit", "(" + holdDesc() + "I)V");
    }

    /** The exit of a region that shares its lock with others of the body. */
    public Call exitOne() {
        return new Call(hooks, "exitOne", "(" + holdDesc() + "I)V");
    }

    /** That an event has happened. */
    public Call completed() {
        return new Call(hooks, "completed", "(" + holdDesc() + ")V");
    }

    public Call poll() {
        return new Call(hooks, "poll", "(I)V");
    }

    /** That the object on the stack is used next, at the place of that number. */
    public Call watch() {
        return new Call(WATCH, "at", "(Ljava/lang/Object;I)V");
    }

    /** As above, with what it is about within the object. */
    public Call watchAbout() {
        return new Call(WATCH, "at", "(Ljava/lang/Object;Ljava/lang/Object;I)V");
    }

    /** How often this frame is inside now, the hold just given included. */
    public Call level() {
        return new Call(transfer, "level", "(" + holdDesc() + "I)I");
    }

    // ---- update points ---------------------------------------------------------------------------------------------------------

    /** Links a guard: method, version, number of the point. */
    public Handle guard() {
        return bootstrap(guards, "guard", "Ljava/lang/String;II");
    }

    /** Descriptor of a linked guard: whether frames are to move. */
    public String guardDesc() {
        return "()Z";
    }

    // ---- frames that leave, by Transfer ----------------------------------------------------------------------------------------

    /** Links a save: method, hash of the body, version, number of the point, types of the locals, tokens, room needed. */
    public Handle save() {
        return bootstrap(transfer, "save", "Ljava/lang/String;Ljava/lang/String;IILjava/lang/String;Ljava/lang/String;I");
    }

    /** Whether the stack has room for another frame like this. */
    public Call hasRoom() {
        return new Call(transfer, "hasRoom", "()Z");
    }

    /** Whether the continuation wants to move once more. */
    public Call again() {
        return new Call(transfer, "again", "()Z");
    }

    /** That nobody has taken the saved frame. */
    public Call abandon() {
        return new Call(transfer, "abandon", "()V");
    }

    // ---- frames that move in, by Transfer --------------------------------------------------------------------------------------

    /** Whether this thread has a frame that waits to move in. */
    public Call isPending() {
        return new Call(transfer, "isPending", "()Z");
    }

    /** The frame that waits for this method, or null. */
    public Call take() {
        return new Call(transfer, "take", "(Ljava/lang/Class;Ljava/lang/String;Ljava/lang/String;)" + frameDesc());
    }

    /** The number of its update point. */
    public Call point() {
        return new Call(transfer, "point", "(" + frameDesc() + ")I");
    }

    public Call value() {
        return new Call(transfer, "value", "(" + frameDesc() + "I)Ljava/lang/Object;");
    }

    public Call intValue() {
        return new Call(transfer, "intValue", "(" + frameDesc() + "I)I");
    }

    public Call longValue() {
        return new Call(transfer, "longValue", "(" + frameDesc() + "I)J");
    }

    public Call floatValue() {
        return new Call(transfer, "floatValue", "(" + frameDesc() + "I)F");
    }

    public Call doubleValue() {
        return new Call(transfer, "doubleValue", "(" + frameDesc() + "I)D");
    }

    /** The token that the frame holds for a region: its name, whether the place is inside, hook id. */
    public Call takeHold() {
        return new Call(transfer, "hold", "(" + frameDesc() + "Ljava/lang/String;ZI)" + holdDesc());
    }

    /** How often the frame is inside. */
    public Call takeDepth() {
        return new Call(transfer, "depth", "(" + frameDesc() + "Ljava/lang/String;)I");
    }

    /** That all has been taken. */
    public Call finish() {
        return new Call(transfer, "finish", "(" + frameDesc() + ")V");
    }

    /** That the restore has failed. */
    public Call drop() {
        return new Call(transfer, "drop", "(" + frameDesc() + ")V");
    }

    /** Descriptor of a token's type. */
    public String holdDesc() {
        return "L" + hold + ";";
    }

    private String frameDesc() {
        return "L" + frame + ";";
    }

    private static Handle bootstrap(String owner, String name, String arguments) {
        return new Handle(Opcodes.H_INVOKESTATIC, owner, name, LINK + arguments + LINKED, false);
    }
}
