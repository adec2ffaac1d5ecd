/**
 * A small newsroom: articles that one editor at a time may edit.
 */
@NullMarked
package io.locky.sample;

import org.jspecify.annotations.NullMarked;
