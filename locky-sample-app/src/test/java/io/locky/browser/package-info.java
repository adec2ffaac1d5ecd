/**
 * Drives a real Chromium over its DevTools protocol: no driver to download, nothing to
 * keep in step with the browser.
 */
@NullMarked
package io.locky.browser;

import org.jspecify.annotations.NullMarked;
