/**
 * The template: locks on a Spring Data Redis connection.
 */
@NullMarked
package io.locky.core;

import org.jspecify.annotations.NullMarked;
