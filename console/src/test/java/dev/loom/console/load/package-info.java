/** Programs that evaluation/console-load.sh and evaluation/console-kill.sh start: many played agents, and what a console does under them. */
package dev.loom.console.load;
