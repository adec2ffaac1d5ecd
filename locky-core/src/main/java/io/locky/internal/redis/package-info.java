/**
 * What all features share to work with Redis: the names of the keys, scripts and the
 * runner that sends them, errors, hints, back-off and background threads.
 */
@NullMarked
package io.locky.internal.redis;

import org.jspecify.annotations.NullMarked;
