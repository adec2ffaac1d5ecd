/**
 * Locks in memory for tests with Spring Boot.
 */
@NullMarked
package io.locky.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
