/**
 * How locks are kept in Redis: key names, scripts and what the scripts answer. Free of
 * blocking types, so that an imperative and a reactive template can share it. Not an API
 * for applications: it changes without notice.
 */
@NullMarked
package io.locky.internal.redis;

import org.jspecify.annotations.NullMarked;
