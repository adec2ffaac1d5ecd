/**
 * Where callers wait for a lock that somebody else holds.
 */
@NullMarked
package io.locky.waiting;

import org.jspecify.annotations.NullMarked;
