/**
 * Decides whether a history keeps the promises of a lock with leases.
 */
@NullMarked
package io.locky.faults.check;

import org.jspecify.annotations.NullMarked;
