/**
 * Finds locks whose lease has ended, and tells it.
 */
@NullMarked
package io.locky.internal.expiration;

import org.jspecify.annotations.NullMarked;
