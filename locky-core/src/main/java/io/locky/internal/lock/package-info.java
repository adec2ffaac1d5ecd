/**
 * Acquires, refreshes, renews and releases locks.
 */
@NullMarked
package io.locky.internal.lock;

import org.jspecify.annotations.NullMarked;
