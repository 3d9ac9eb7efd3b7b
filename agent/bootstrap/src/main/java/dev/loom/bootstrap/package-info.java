/**
 * What woven code calls. Start at {@link dev.loom.bootstrap.Hooks}; the agent creates the hooks in {@link
 * dev.loom.bootstrap.HookRegistry}, one kind of {@link dev.loom.bootstrap.RegionHook} for each kind of {@link
 * dev.loom.bootstrap.ConstraintLock}. {@link dev.loom.bootstrap.HookLinker} links a hook's
 * call site and builds the read of its key. How an entry waits is said in {@link dev.loom.bootstrap.Wait}, how all other threads are stopped in
 * {@link dev.loom.bootstrap.Standstill}.
 *
 * <p>These classes are appended to the boot class path of a running JVM: {@code java.base} only, nothing here throws into the
 * application, calls its code, or logs. Woven code calls plain static methods; the uncontended path neither allocates nor
 * links anything lazily.
 */
package dev.loom.bootstrap;
