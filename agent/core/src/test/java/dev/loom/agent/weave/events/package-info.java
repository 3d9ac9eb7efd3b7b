/** Where events of an order begin and end in woven code. */
package dev.loom.agent.weave.events;
