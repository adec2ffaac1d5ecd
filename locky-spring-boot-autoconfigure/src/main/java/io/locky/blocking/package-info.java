/**
 * Sends scripts through a blocking Spring Data template.
 */
@NullMarked
package io.locky.blocking;

import org.jspecify.annotations.NullMarked;
