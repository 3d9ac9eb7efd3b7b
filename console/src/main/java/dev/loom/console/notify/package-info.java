/**
 * Tells other systems and people of events: by signed HTTP requests and by mail. {@link dev.loom.console.notify.Deliveries} is where to start.
 */
@NullMarked
package dev.loom.console.notify;

import org.jspecify.annotations.NullMarked;
