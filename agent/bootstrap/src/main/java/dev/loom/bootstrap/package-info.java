/**
 * The names that woven code and the agent link to; nothing else. Woven code calls {@link dev.loom.bootstrap.Hooks}, keeps a {@link
 * dev.loom.bootstrap.Hold}, and moves frames by {@link dev.loom.bootstrap.Transfer}. The agent makes locks with {@link
 * dev.loom.bootstrap.ConstraintLocks} and hooks with {@link dev.loom.bootstrap.HookRegistry}.
 *
 * <p>Below it, from the top down, each package knowing only those further down:
 *
 * <ul>
 *   <li>{@link dev.loom.bootstrap.lock}, {@link dev.loom.bootstrap.order} and {@link dev.loom.bootstrap.standstill}: the three kinds of
 *       constraint, which do not know each other;
 *   <li>{@link dev.loom.bootstrap.watch}, behind {@link dev.loom.bootstrap.Watch}: seeing races; not there before somebody looks for them;
 *   <li>{@link dev.loom.bootstrap.hook}: what all hooks have in common, and how their call sites are linked;
 *   <li>{@link dev.loom.bootstrap.wait}: waiting;
 *   <li>{@code Hold} and {@code Faults} of this package, which depend on nothing.
 * </ul>
 *
 * <p>All these classes belong to the boot loader of a running JVM: {@code java.base} only, nothing here throws into the application,
 * calls its code, or logs. Woven code calls plain static methods; the uncontended path neither allocates nor links anything lazily. Much
 * is public that is not for everybody: {@code BootstrapRulesTest} says who may use what.
 */
package dev.loom.bootstrap;
