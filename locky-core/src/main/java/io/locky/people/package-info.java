/**
 * What people need around a lock: a line of those who wait for their turn, requests to
 * hand a lock over, who else is looking, and who held it before. Each part is used
 * without the others.
 */
@NullMarked
package io.locky.people;

import org.jspecify.annotations.NullMarked;
