/** Whether the checker, which reads files, and a running JVM say the same about a filter. */
package dev.loom.it.answers;
