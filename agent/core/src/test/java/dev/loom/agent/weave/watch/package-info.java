/** Watch points, as they are woven. */
package dev.loom.agent.weave.watch;
