/**
 * Applications under faults: each test is a row of the table in
 * {@code docs/reliability.md}.
 */
@NullMarked
package io.locky.faults.run;

import org.jspecify.annotations.NullMarked;
