/**
 * Claims, publishes and acknowledges the expiries of locks.
 */
@NullMarked
package io.locky.internal.expiration;

import org.jspecify.annotations.NullMarked;
