/**
 * Tests that launch real JVMs, each with a program of {@link dev.loom.it.targets}, and work on them by plain JMX. Each says in its
 * display name which line of which issue it proves.
 */
package dev.loom.it;
