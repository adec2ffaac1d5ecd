package io.locky.test.redis;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Starts a {@code redis-server} for a test class with an application context, and sets
 * {@code spring.data.redis.url} to it before the context is created. It takes precedence
 * over the properties of the application; a {@code spring.data.redis.cluster} or
 * {@code sentinel} among them must be absent. No Docker is needed, but
 * {@code org.signal:embedded-redis} on the class path of the tests.
 * <p>
 * All test classes of a JVM with the same settings share one server, with the data that
 * earlier ones left in it: use resources of their own, or a {@code locky.prefix}.
 *
 * @since 0.9.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface WithEmbeddedRedis {

	/**
	 * Lines of the configuration of the server.
	 * @return the lines, such as {@code maxmemory 20mb}
	 */
	String[] settings() default {};

}
