/**
 * Observations of Micrometer: calls of {@code @Locked} methods, waits, and operations
 * over HTTP.
 */
@NullMarked
package io.locky.observation;

import org.jspecify.annotations.NullMarked;
