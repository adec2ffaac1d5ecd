/**
 * What an instance measures, and the meters of Micrometer for it.
 */
@NullMarked
package io.locky.metrics;

import org.jspecify.annotations.NullMarked;
