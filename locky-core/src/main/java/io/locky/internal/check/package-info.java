/**
 * Checks once, at start-up, whether Redis is set up for locks.
 */
@NullMarked
package io.locky.internal.check;

import org.jspecify.annotations.NullMarked;
