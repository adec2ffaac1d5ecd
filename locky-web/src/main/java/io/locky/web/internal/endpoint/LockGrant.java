package io.locky.web.internal.endpoint;

/**
 * The answer to who got a lock.
 *
 * @param resource what is locked
 * @param locker who holds it: the caller
 * @param fence the number of the grant, which every later request needs
 * @param ttl the length of the lease in seconds
 * @param heartbeat how often to beat, in seconds
 * @since 0.1.0
 */
public record LockGrant(String resource, String locker, long fence, double ttl, double heartbeat) {

}
