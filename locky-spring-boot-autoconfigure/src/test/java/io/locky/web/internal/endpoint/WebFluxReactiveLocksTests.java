package io.locky.web.internal.endpoint;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.locky.LockInfo;
import io.locky.testing.TestRedis;
import io.locky.testing.WebInstance;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnection;

import static io.locky.web.internal.endpoint.LockClient.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The endpoints of a reactive application with reactive operations: where they wait, and
 * in which threads they call the policy.
 */
class WebFluxReactiveLocksTests {

	private static final int REQUESTS = 300;

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final WebInstance web = WebInstance.start(WebApplicationType.REACTIVE,
			new Class<?>[] { ReactiveLocks.class, Flux.class, TrustingFlux.class }, "locky.web.enabled=true",
			"locky.web.max-locks-per-caller=8", "locky.web.max-requests-per-second=1000",
			"locky.startup-check.enabled=false", "locky.expiration.enabled=false");

	private final Desk desk = this.web.bean(Desk.class);

	private final HttpClient http = HttpClient.newHttpClient();

	@AfterEach
	void close() {
		client("UNPAUSE");
		this.web.close();
	}

	@Test
	void noThreadWaitsWhileRedisDoesNotAnswer() {
		acquire("article:0", "ann").join();
		client("PAUSE", "60000", "WRITE");
		List<CompletableFuture<HttpResponse<String>>> answers = acquireAll("user-%d");
		await().atMost(TIMEOUT).until(() -> this.desk.locking.get() > REQUESTS);
		await().atMost(TIMEOUT).until(() -> threadsInLocky() < 5);
		assertThat(answers).noneMatch(CompletableFuture::isDone);
		client("UNPAUSE");
		assertThat(answers).extracting((answer) -> answer.join().statusCode()).containsOnly(200);
	}

	@Test
	void concurrentRequestsOfACallerStayWithinItsLimit() {
		List<Integer> answers = acquireAll("ann").stream().map((answer) -> answer.join().statusCode()).toList();
		assertThat(answers).containsOnly(200, 429);
		assertThat(this.web.locks().unlockAll("ann")).isBetween(4, 8);
		assertThat(acquire("article:0", "ann").join().statusCode()).isEqualTo(200);
	}

	@Test
	void policyIsCalledInThreadsThatMayBlock() {
		LockClient ann = LockClient.of(this.web, "ann");
		LockClient bob = LockClient.of(this.web, "bob");
		long fence = fence(ann.acquire("article:1"));
		assertThat(bob.acquire("article:1").statusCode()).isEqualTo(423);
		assertThat(bob.takeOver("article:1", fence).statusCode()).isEqualTo(200);
		assertThat(ann.heartbeat("article:1", fence).statusCode()).isEqualTo(409);
		assertThat(this.desk.calls).contains("mayLock", "mayWatch", "mayTakeOver");
		assertThat(this.desk.threads).allMatch((thread) -> thread.startsWith("boundedElastic-"));
	}

	private List<CompletableFuture<HttpResponse<String>>> acquireAll(String user) {
		return IntStream.rangeClosed(1, REQUESTS)
			.mapToObj((number) -> acquire("article:" + number, user.formatted(number)))
			.toList();
	}

	private CompletableFuture<HttpResponse<String>> acquire(String resource, String user) {
		return this.http.sendAsync(HttpRequest.newBuilder(LockClient.of(this.web, user).uri("/locky/locks/acquire"))
			.headers("X-User", user, "Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"resource\":\"%s\"}".formatted(resource)))
			.build(), BodyHandlers.ofString());
	}

	/**
	 * The threads for blocking calls that Locky has now, of all instances of this JVM.
	 */
	private static long threadsInLocky() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().matches("(boundedElastic|locky-reactive)-.*"))
			.filter((thread) -> Arrays.stream(thread.getValue())
				.anyMatch((frame) -> frame.getClassName().startsWith("io.locky.")))
			.count();
	}

	private static void client(String... words) {
		try (RedisConnection connection = TestRedis.connectionFactory().getConnection()) {
			connection.execute("CLIENT",
					Stream.of(words).map((word) -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class ReactiveLocks {

		@Bean
		Desk desk() {
			return new Desk();
		}

	}

	/** Remembers who called it. */
	static class Desk implements LockAccessPolicy {

		private final AtomicInteger locking = new AtomicInteger();

		private final Set<String> calls = ConcurrentHashMap.newKeySet();

		private final Set<String> threads = ConcurrentHashMap.newKeySet();

		@Override
		public boolean mayLock(LockCaller caller, String resource) {
			this.locking.incrementAndGet();
			return called("mayLock");
		}

		@Override
		public boolean mayWatch(LockCaller caller, String resource) {
			return called("mayWatch");
		}

		@Override
		public boolean mayTakeOver(LockCaller caller, LockInfo current) {
			return called("mayTakeOver");
		}

		@Override
		public @Nullable Duration maxHold(LockCaller caller, String resource) {
			called("maxHold");
			return null;
		}

		private boolean called(String method) {
			this.calls.add(method);
			this.threads.add(Thread.currentThread().getName());
			return true;
		}

	}

}
