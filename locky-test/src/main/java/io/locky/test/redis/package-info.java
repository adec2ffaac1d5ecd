/**
 * A real Redis for tests, without Docker.
 */
@NullMarked
package io.locky.test.redis;

import org.jspecify.annotations.NullMarked;
