/**
 * Keeps in Redis what people need around a lock, with the scripts beside it.
 */
@NullMarked
package io.locky.internal.people;

import org.jspecify.annotations.NullMarked;
