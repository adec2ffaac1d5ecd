/**
 * Tells every instance what the others did: follows the log of events in Redis.
 */
@NullMarked
package io.locky.internal.broadcast;

import org.jspecify.annotations.NullMarked;
