/**
 * Lockers who have logged in with Spring Security.
 */
@NullMarked
package io.locky.security;

import org.jspecify.annotations.NullMarked;
