/**
 * Hints from Redis that wake those who wait for something.
 */
@NullMarked
package io.locky.signal;

import org.jspecify.annotations.NullMarked;
