package io.locky.internal.expiration;

import java.util.concurrent.CountDownLatch;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.event.LockExpiredEvent;

import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;

/**
 * An instance in its own process that prints what its listener receives. With the
 * property "stuck", the listener never returns for the resource of that name.
 */
final class ListeningApplication {

	static final String READY = "ready";

	static final String RECEIVED = "received ";

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
		System.out.println(RECEIVED + event.getResource());
		if (this.gettingStuck && "stuck".equals(event.getResource())) {
			new CountDownLatch(1).await();
		}
	}

}
