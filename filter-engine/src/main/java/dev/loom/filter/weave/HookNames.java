package dev.loom.filter.weave;

/**
 * Internal names of the classes that woven code calls.
 *
 * @param hooks entry and exit hooks
 * @param hold type of a token
 * @param guards switch point guards
 * @param transfer saving and restoring of frames
 * @param frame type of a saved frame
 */
public record HookNames(String hooks, String hold, String guards, String transfer, String frame) {

    /** The agent's own. */
    public static final HookNames BOOTSTRAP = new HookNames(
            "dev/loom/bootstrap/Hooks",
            "dev/loom/bootstrap/Hold",
            "dev/loom/bootstrap/SwitchPointSites",
            "dev/loom/bootstrap/Transfer",
            "dev/loom/bootstrap/SavedFrame");
}
