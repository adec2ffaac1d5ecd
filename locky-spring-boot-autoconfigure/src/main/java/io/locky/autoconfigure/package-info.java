/**
 * Auto-configuration of Locky for Spring Boot.
 */
@NullMarked
package io.locky.autoconfigure;

import org.jspecify.annotations.NullMarked;
