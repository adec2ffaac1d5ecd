/**
 * What applications asked, were answered and saw, written down as it happened.
 */
@NullMarked
package io.locky.faults.history;

import org.jspecify.annotations.NullMarked;
