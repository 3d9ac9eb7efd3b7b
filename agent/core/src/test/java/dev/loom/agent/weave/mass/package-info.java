/** Published class files, woven and loaded. Start at {@link dev.loom.agent.weave.mass.MassWeaving}. */
package dev.loom.agent.weave.mass;
