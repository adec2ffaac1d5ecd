/**
 * Applications as users write them, which run with several versions of Spring Boot.
 */
package io.locky.application;
