package io.locky.advice;

import java.util.concurrent.atomic.AtomicInteger;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockySecurityAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.event.LockAcquiredEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Starts applications whose beans have the annotations of several libraries.
 */
abstract class AnnotatedFixture {

	final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	final LockyTemplate locks = this.fixture.template(null);

	private final AtomicInteger acquired = new AtomicInteger();

	final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class,
				LockySecurityAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.prefix=" + this.fixture.prefix(), "locky.expiration.enabled=false")
		.withBean(Acquired.class, () -> new Acquired(this.acquired));

	@AfterEach
	void logOut() {
		SecurityContextHolder.clearContext();
		this.fixture.close();
	}

	static void logIn(String role) {
		SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("eve", "secret", role));
	}

	/** How many locks the application has acquired. */
	int acquired() {
		return this.acquired.get();
	}

	record Acquired(AtomicInteger count) {

		@EventListener
		void on(LockAcquiredEvent event) {
			this.count.incrementAndGet();
		}

	}

}
