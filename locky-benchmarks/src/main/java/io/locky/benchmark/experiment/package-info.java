/**
 * What takes more than one operation: one class for each question.
 */
@NullMarked
package io.locky.benchmark.experiment;

import org.jspecify.annotations.NullMarked;
