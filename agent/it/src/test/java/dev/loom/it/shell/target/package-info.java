/** Programs that the tests start in JVMs of their own. They know nothing of Loom. */
package dev.loom.it.shell.target;
