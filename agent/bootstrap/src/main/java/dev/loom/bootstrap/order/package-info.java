/**
 * Order: an event waits until those before it have happened. {@link dev.loom.bootstrap.order.OrderState} knows what has happened for each
 * key; an arrival begins in {@link dev.loom.bootstrap.order.EventHook}.
 */
package dev.loom.bootstrap.order;
