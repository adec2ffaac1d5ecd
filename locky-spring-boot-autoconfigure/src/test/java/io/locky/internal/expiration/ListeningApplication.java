package io.locky.internal.expiration;

import java.util.concurrent.CountDownLatch;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.event.LockExpiredEvent;

import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;

/**
 * An instance in a process of its own, that prints what its listener hears. The listener
 * never comes to an end with a resource called "stuck", if it is told to.
 */
final class ListeningApplication {

	static final String READY = "ready";

	static final String HEARD = "heard ";

	private final boolean gettingStuck;

	private ListeningApplication(boolean gettingStuck) {
		this.gettingStuck = gettingStuck;
	}

	public static void main(String[] args) throws InterruptedException {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of(args).applyTo(context);
		boolean gettingStuck = context.getEnvironment().getProperty("stuck", Boolean.class, false);
		context.registerBean(ListeningApplication.class, () -> new ListeningApplication(gettingStuck));
		context.register(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class);
		context.refresh();
		System.out.println(READY);
		new CountDownLatch(1).await();
	}

	@EventListener
	void on(LockExpiredEvent event) throws InterruptedException {
		System.out.println(HEARD + event.getResource());
		if (this.gettingStuck && "stuck".equals(event.getResource())) {
			new CountDownLatch(1).await();
		}
	}

}
