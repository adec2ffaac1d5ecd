/**
 * Locks that people hold: acquire, refresh, release and find them, by resource and
 * locker.
 *
 * @serial exclude
 */
@NullMarked
package io.locky;

import org.jspecify.annotations.NullMarked;
