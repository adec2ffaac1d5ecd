package io.locky.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Gives a test locks in memory in place of those in Redis, which is not contacted. For a
 * test class with {@code @SpringBootTest}, or one of a slice such as {@code @WebMvcTest},
 * to which it adds the auto-configuration of Locky.
 * <p>
 * The {@link io.locky.LockyOperations LockyOperations} of the application are
 * {@link io.locky.test.InMemoryLocks InMemoryLocks}; {@code @Locked},
 * {@code @RequiresLock} and the HTTP endpoints use them, and listeners get their events.
 * The test can inject these, a {@link io.locky.test.LockClock LockClock} and
 * {@link io.locky.test.RecordedLockEvents RecordedLockEvents}. With Reactor on the class
 * path there are {@link io.locky.ReactiveLockyOperations ReactiveLockyOperations} on the
 * same locks. After each test method, all locks and recorded events are forgotten. The
 * property {@code locky.ttl} applies; the others that concern Redis do not.
 * <p>
 * There is no {@link io.locky.core.LockyTemplate LockyTemplate}: beans must inject
 * {@code LockyOperations}.
 *
 * @since 0.9.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureLocky {

}
