/** JVMs of this machine: finding them, putting the agent in, and saying why that did not work. Start at {@link dev.loom.ctl.attach.AttachedJvm}. */
package dev.loom.ctl.attach;
