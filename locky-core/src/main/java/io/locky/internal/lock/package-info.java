/**
 * Acquires, refreshes, renews, releases and finds locks. {@code LockyRuntime} creates all
 * parts; {@code LockingFlow} is the way of a request to its grant; {@code LockCommands}
 * writes the calls of the scripts in this package. {@code LockHandles} creates handles,
 * {@code Renewals} lists those to renew, {@code LockRenewer} is the thread that renews
 * them and {@code RenewalBatch} its work.
 */
@NullMarked
package io.locky.internal.lock;

import org.jspecify.annotations.NullMarked;
