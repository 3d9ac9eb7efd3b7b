import java.awt.Component;
import java.awt.Container;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.Window;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JTabbedPane;
import javax.swing.JTextField;
import javax.swing.JTree;
import javax.swing.SwingUtilities;
import javax.swing.tree.DefaultMutableTreeNode;
import javax.swing.tree.TreeNode;
import javax.swing.tree.TreePath;

/**
 * Works the JDK's own jconsole as a person would: opens the MBeans tab, calls install on Loom's agent bean, looks at the filter's
 * bean, calls remove. Run by jconsole.sh, under Xvfb. Arguments: pid, filter file, filter name, directory for the screenshots.
 */
public final class JconsoleDriver {

    public static void main(String[] args) throws Exception {
        try {
            run(args);
        } catch (Throwable t) {
            t.printStackTrace();
            screenshot(Path.of(args[3]).resolve("jconsole-failed.png"));
            System.exit(1);
        }
    }

    private static void run(String[] args) throws Exception {
        String pid = args[0];
        // a field of jconsole is one line: comments and line breaks go
        String text = Files.readString(Path.of(args[1])).replaceAll("//[^\n]*", " ").replaceAll("\\s+", " ").strip();
        String name = args[2];
        Path pictures = Path.of(args[3]);
        Files.createDirectories(pictures);

        sun.tools.jconsole.JConsole.main(new String[] {"-notile", "-interval=1", pid});
        JTabbedPane tabs = await("the tab MBeans", () -> find(JTabbedPane.class).stream()
                .filter(t -> t.indexOfTab("MBeans") >= 0).findFirst().orElse(null));
        SwingUtilities.invokeAndWait(() -> {
            for (Window window : Window.getWindows()) {
                if (window instanceof JFrame frame) {
                    frame.setExtendedState(JFrame.MAXIMIZED_BOTH);
                }
            }
            tabs.setSelectedIndex(tabs.indexOfTab("MBeans"));
        });

        select("dev.loom", "Agent", "Operations");
        fill(button("install"), List.of(name, text, ""));
        click(button("install"));
        await("the result of install", () -> find(JButton.class).stream().filter(b -> "OK".equals(b.getText())).findFirst().orElse(null));
        screenshot(pictures.resolve("jconsole-install.png"));
        closeDialogs();

        select("dev.loom", "Filter", "\"" + name + "\"", "Attributes");
        Thread.sleep(3_000); // a person looks at the table; jconsole refreshes it once a second
        screenshot(pictures.resolve("jconsole.png"));

        select("dev.loom", "Filter", "\"" + name + "\"", "Operations");
        click(button("remove"));
        await("the result of remove", () -> find(JButton.class).stream().filter(b -> "OK".equals(b.getText())).findFirst().orElse(null));
        closeDialogs();
        System.out.println("jconsole installed, showed and removed " + name);
        System.exit(0);
    }

    /** Opens a path in the tree of beans and selects its end. */
    private static void select(String... path) throws Exception {
        await("the node " + String.join("/", path), () -> {
            for (JTree tree : find(JTree.class)) {
                TreePath found = path(tree, path);
                if (found != null) {
                    return found;
                }
            }
            return null;
        });
        SwingUtilities.invokeAndWait(() -> {
            for (JTree tree : find(JTree.class)) {
                TreePath found = path(tree, path);
                if (found != null) {
                    tree.expandPath(found);
                    tree.setSelectionPath(found);
                    tree.scrollPathToVisible(found);
                }
            }
        });
    }

    private static TreePath path(JTree tree, String[] names) {
        TreeNode at = (TreeNode) tree.getModel().getRoot();
        TreePath path = new TreePath(at);
        for (String name : names) {
            TreeNode next = null;
            for (int i = 0; i < at.getChildCount(); i++) {
                if (((DefaultMutableTreeNode) at.getChildAt(i)).getUserObject().toString().equals(name)) {
                    next = at.getChildAt(i);
                }
            }
            if (next == null) {
                // jconsole fills a node when it is opened
                tree.expandPath(path);
                return null;
            }
            at = next;
            path = path.pathByAddingChild(at);
        }
        return path;
    }

    private static JButton button(String text) throws Exception {
        return await("the button " + text, () -> find(JButton.class).stream()
                .filter(b -> text.equals(b.getText()) && b.isShowing()).findFirst().orElse(null));
    }

    /** Writes into the fields that stand beside an operation's button. */
    private static void fill(JButton button, List<String> values) throws Exception {
        SwingUtilities.invokeAndWait(() -> {
            List<JTextField> fields = new ArrayList<>();
            collect(button.getParent(), JTextField.class, fields);
            if (fields.size() != values.size()) {
                throw new IllegalStateException("install has " + fields.size() + " fields in jconsole, expected " + values.size());
            }
            for (int i = 0; i < values.size(); i++) {
                fields.get(i).setText(values.get(i));
            }
        });
    }

    private static void click(JButton button) {
        SwingUtilities.invokeLater(button::doClick);
    }

    private static void closeDialogs() throws Exception {
        SwingUtilities.invokeAndWait(() -> find(JButton.class).stream()
                .filter(b -> "OK".equals(b.getText()) && b.isShowing()).forEach(JButton::doClick));
    }

    private static void screenshot(Path file) throws Exception {
        Robot robot = new Robot();
        robot.waitForIdle();
        robot.delay(800);
        Rectangle screen = new Rectangle(Toolkit.getDefaultToolkit().getScreenSize());
        ImageIO.write(robot.createScreenCapture(screen), "png", new File(file.toString()));
    }

    private static <T> T await(String what, Supplier<T> supplier) throws Exception {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (System.nanoTime() < deadline) {
            Object[] found = new Object[1];
            // the connection to a local pid has no TLS, and jconsole asks
            SwingUtilities.invokeAndWait(() -> find(JButton.class).stream()
                    .filter(b -> "Insecure connection".equals(b.getText()) && b.isShowing()).forEach(JButton::doClick));
            SwingUtilities.invokeAndWait(() -> found[0] = supplier.get());
            if (found[0] != null) {
                @SuppressWarnings("unchecked")
                T result = (T) found[0];
                return result;
            }
            Thread.sleep(100);
        }
        StringBuilder seen = new StringBuilder();
        SwingUtilities.invokeAndWait(() -> find(JTree.class).forEach(tree -> {
            for (int row = 0; row < tree.getRowCount(); row++) {
                seen.append(' ').append(tree.getPathForRow(row).getLastPathComponent());
            }
        }));
        throw new IllegalStateException("jconsole never showed " + what + "; the tree has" + seen);
    }

    private static <T> List<T> find(Class<T> type) {
        List<T> result = new ArrayList<>();
        for (Window window : Window.getWindows()) {
            if (window.isShowing()) {
                collect(window, type, result);
            }
        }
        return result;
    }

    private static <T> void collect(Container container, Class<T> type, List<T> into) {
        for (Component child : container.getComponents()) {
            if (type.isInstance(child)) {
                into.add(type.cast(child));
            }
            if (child instanceof Container inner) {
                collect(inner, type, into);
            }
        }
    }
}
