/**
 * Resolvers that use the user authenticated by Spring Security as the locker.
 */
@NullMarked
package io.locky.security;

import org.jspecify.annotations.NullMarked;
