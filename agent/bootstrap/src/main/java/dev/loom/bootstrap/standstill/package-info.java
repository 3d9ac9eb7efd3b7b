/**
 * The region {@code r <> *}: while a thread is in it, no other runs code of the scope. {@link dev.loom.bootstrap.standstill.Standstill}
 * documents the protocol; an entry begins in {@link dev.loom.bootstrap.standstill.StandstillHook}, the others stop in {@link
 * dev.loom.bootstrap.standstill.PollGate}.
 */
package dev.loom.bootstrap.standstill;
