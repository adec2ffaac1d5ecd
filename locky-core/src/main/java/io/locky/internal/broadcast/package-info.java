/**
 * Follows the event log, so that every instance publishes the events of the others too.
 */
@NullMarked
package io.locky.internal.broadcast;

import org.jspecify.annotations.NullMarked;
