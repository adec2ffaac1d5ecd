/**
 * The examples of pages of the documentation, as tests that run.
 */
@NullMarked
package io.locky.documentation;

import org.jspecify.annotations.NullMarked;
