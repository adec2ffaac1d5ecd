/**
 * Drives a real Chromium over its DevTools protocol: no driver to download, or to keep at
 * the version of the browser.
 */
@NullMarked
package io.locky.browser;

import org.jspecify.annotations.NullMarked;
