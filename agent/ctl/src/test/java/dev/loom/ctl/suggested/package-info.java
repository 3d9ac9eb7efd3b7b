/** Code that fails and locks up on request, so that there are stacks to read. */
@org.jspecify.annotations.NullMarked
package dev.loom.ctl.suggested;
