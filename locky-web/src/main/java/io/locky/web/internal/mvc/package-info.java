/**
 * The HTTP endpoints for locks in Spring MVC.
 */
@NullMarked
package io.locky.web.internal.mvc;

import org.jspecify.annotations.NullMarked;
