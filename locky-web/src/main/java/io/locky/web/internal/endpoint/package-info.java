/**
 * What the HTTP endpoints for locks do, whatever the web framework is.
 */
@NullMarked
package io.locky.web.internal.endpoint;

import org.jspecify.annotations.NullMarked;
