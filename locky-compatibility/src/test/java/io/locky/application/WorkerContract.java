package io.locky.application;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.locky.LockRequest;
import io.locky.ResourceLockedException;
import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * An application without a web server.
 */
abstract class WorkerContract {

	private final Class<?> source;

	private final String[] properties;

	WorkerContract(Class<?> source, String... properties) {
		this.source = source;
		this.properties = properties;
	}

	@Test
	void locksExpiriesAndMethodsWork() throws Exception {
		assertThat(Applications.redisPort()).as("Redis has started").isPositive();
		Set<Thread> before = remaining();
		try (ConfigurableApplicationContext application = Applications.start(WebApplicationType.NONE, this.source,
				this.properties)) {
			LockyTemplate locks = application.getBean(LockyTemplate.class);
			Desk desk = application.getBean(Desk.class);
			assertThat(locks.lock(LockRequest.of("article:1").by("ann").ttl(Duration.ofMillis(300)))).isTrue();
			await().atMost(Duration.ofSeconds(20)).until(() -> desk.expired().equals(List.of("article:1")));
			assertThat(desk.edit(1)).isEqualTo("edited 1");
			CompletableFuture<String> slow = CompletableFuture.supplyAsync(() -> editSlowly(desk));
			await().atMost(Duration.ofSeconds(20)).until(desk::hasStarted);
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> desk.edit(2));
			desk.endSlowEdit();
			assertThat(slow.get(20, TimeUnit.SECONDS)).isEqualTo("edited 2");
			assertThat(locks.find("article:2")).isEmpty();
		}
		await().pollInSameThread()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(remaining()).isSubsetOf(before));
	}

	private static String editSlowly(Desk desk) {
		try {
			return desk.editSlowly(2);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Threads that keep the JVM alive, and all of Locky. */
	private static Set<Thread> remaining() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.isDaemon() || thread.getName().startsWith("locky-"))
			.collect(Collectors.toSet());
	}

}
