/**
 * Locks that people hold: take, keep, give back and ask, by resource and locker.
 */
@NullMarked
package io.locky;

import org.jspecify.annotations.NullMarked;
