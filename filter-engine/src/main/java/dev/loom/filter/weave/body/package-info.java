/**
 * A method body, as it is read and while it is woven: {@link dev.loom.filter.weave.body.WovenBody} is what the passes share, {@link
 * dev.loom.filter.weave.body.HookAbi} what the result calls.
 */
package dev.loom.filter.weave.body;
