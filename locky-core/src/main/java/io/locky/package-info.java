/**
 * Locks that people hold: acquire, refresh, release and find them, by resource and
 * locker.
 */
@NullMarked
package io.locky;

import org.jspecify.annotations.NullMarked;
