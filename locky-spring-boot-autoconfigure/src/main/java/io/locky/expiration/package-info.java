/**
 * Finds locks whose lease has ended, and tells it.
 */
@NullMarked
package io.locky.expiration;

import org.jspecify.annotations.NullMarked;
