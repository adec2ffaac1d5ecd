/**
 * The template, which keeps locks in Redis by a Spring Data connection.
 */
@NullMarked
package io.locky.core;

import org.jspecify.annotations.NullMarked;
