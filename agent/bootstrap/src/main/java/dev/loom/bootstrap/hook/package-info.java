/**
 * What the hooks of all kinds of constraints have in common: they count, are switched on and off, and their call sites are linked. Start
 * at {@link dev.loom.bootstrap.hook.RegionHook}; {@link dev.loom.bootstrap.hook.HookLinker} reads where a key comes from, {@link
 * dev.loom.bootstrap.hook.KeyedCall} takes it apart.
 */
package dev.loom.bootstrap.hook;
