package io.locky.web.internal.endpoint;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import io.locky.LockInfo;
import io.locky.autoconfigure.LockyPeopleAutoConfiguration;
import io.locky.testing.WebInstance;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import io.locky.web.LockHolderView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static io.locky.web.internal.endpoint.LockClient.fence;
import static io.locky.web.internal.endpoint.RefusalContract.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Lines of people, in every web framework. Two instances share their locks.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LineContract {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final String prefix = "locky.prefix=test-" + UUID.randomUUID() + ":";

	private final WebInstance web = start();

	private final WebInstance other = start();

	private final LockClient ann = LockClient.of(this.web, "ann");

	private final LockClient bob = LockClient.of(this.other, "bob");

	private final LockClient carl = LockClient.of(this.web, "carl");

	private WebInstance start() {
		return start(new Class<?>[] { Desk.class }, "locky.web.enabled=true", "locky.line.enabled=true",
				"locky.line.place-ttl=40s", "locky.line.offer=20s", "locky.events.broadcast=true",
				"locky.web.stream-heartbeat=1s", this.prefix);
	}

	abstract WebInstance start(Class<?>[] sources, String... properties);

	@AfterAll
	void closeWeb() {
		this.other.close();
		this.web.close();
	}

	private static HttpResponse<String> line(LockClient client, String wish, String resource) {
		return client.post("/locky/line/" + wish, "{\"resource\":\"%s\"}".formatted(resource));
	}

	@Test
	void lineIsServedInItsOrder() {
		long fence = fence(this.ann.acquire("article:1"));
		HttpResponse<String> joined = line(this.bob, "join", "article:1");
		assertThat(joined.statusCode()).as(joined.body()).isEqualTo(200);
		assertThat(joined.body()).startsWith("{\"places\":[{\"locker\":\"bob\",\"position\":1,\"since\":\"")
			.contains("\"offeredFor\":null,\"own\":true}],\"own\":{\"locker\":\"bob\",\"position\":1,")
			.endsWith("\"length\":1}");
		assertThat(line(this.carl, "join", "article:1").body())
			.contains("\"own\":{\"locker\":\"carl\",\"position\":2,");
		this.ann.release("article:1", fence);
		HttpResponse<String> refused = this.carl.acquire("article:1");
		assertProblem(refused, 423, "locked");
		assertThat(refused.body()).contains("\"locker\":\"bob\"", "\"own\":false");
		assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 20L);
		assertThat(line(this.bob, "refresh", "article:1").body()).containsPattern("\"offeredFor\":1?\\d\\.");
		assertThat(this.bob.acquire("article:1").statusCode()).isEqualTo(200);
		assertThat(line(this.bob, "refresh", "article:1").body()).contains("\"own\":null,\"length\":1}");
		assertThat(this.ann.get("/locky/line?resource=article:1").body()).contains("\"locker\":\"carl\"")
			.contains("\"own\":null,\"length\":1}");
	}

	@Test
	void leavingPassesTheOfferOn() {
		line(this.ann, "join", "article:2");
		line(this.bob, "join", "article:2");
		assertThat(line(this.ann, "leave", "article:2").statusCode()).isEqualTo(204);
		assertThat(line(this.ann, "leave", "article:2").statusCode()).isEqualTo(204);
		assertThat(this.ann.acquire("article:2").statusCode()).isEqualTo(423);
		assertThat(this.bob.acquire("article:2").statusCode()).isEqualTo(200);
	}

	@Test
	void streamShowsPlacesAndOffers() {
		long fence = fence(this.ann.acquire("article:3"));
		try (EventReader here = this.ann.events("article:3"); EventReader there = this.bob.events("article:3")) {
			await().atMost(TIMEOUT).until(() -> !here.events().isEmpty() && !there.events().isEmpty());
			line(this.bob, "join", "article:3");
			this.ann.release("article:3", fence);
			await().atMost(TIMEOUT).until(() -> here.events().size() >= 4 && there.events().size() >= 4);
			assertThat(here.events().get(1)).startsWith("line {\"resource\":\"article:3\",\"own\":false,\"at\":\"")
				.endsWith("\"locker\":\"bob\",\"joined\":true,\"length\":1}");
			assertThat(there.events().get(1)).contains("\"own\":true");
			assertThat(here.events().get(2)).startsWith("released ");
			assertThat(here.events().get(3)).startsWith("offered {\"resource\":\"article:3\",\"own\":false,")
				.endsWith("\"locker\":\"bob\",\"offeredFor\":20.0}");
			assertThat(there.events().get(3)).startsWith("offered {\"resource\":\"article:3\",\"own\":true,");
		}
	}

	@Test
	void policyDecidesWhoMayWaitAndWatch() {
		assertProblem(line(this.ann, "join", "closed:1"), 403, "forbidden");
		assertProblem(line(this.ann, "refresh", "closed:1"), 403, "forbidden");
		assertThat(line(this.ann, "leave", "closed:1").statusCode()).isEqualTo(204);
		line(this.ann, "join", "unseen:1");
		assertThat(line(this.bob, "join", "unseen:1").body()).contains("\"locker\":\"bob\"", "\"length\":2}")
			.doesNotContain("ann");
		assertProblem(this.bob.get("/locky/line?resource=unseen:1"), 403, "forbidden");
	}

	@Test
	void viewThatHidesLockersHidesThoseWhoWait() {
		line(this.ann, "join", "secret:1");
		assertThat(line(this.bob, "join", "secret:1").body()).contains("\"locker\":null,\"position\":1,")
			.doesNotContain("ann");
	}

	@Test
	void fullLineIs503() {
		for (int i = 0; i < 500; i++) {
			this.web.locks().line().join("article:4", "p" + i);
		}
		HttpResponse<String> refused = line(this.ann, "join", "article:4");
		assertProblem(refused, 503, "line-full");
		assertThat(refused.headers().firstValue("Retry-After")).hasValue("10");
	}

	@Test
	void invalidRequestsAreRefused() {
		assertProblem(this.ann.post("/locky/line/join", "{}"), 400, "invalid-request");
		assertProblem(this.ann.post("/locky/line/leave", "{\"resource\":\"\"}"), 400, "invalid-request");
		assertProblem(this.ann.post("/locky/line/refresh", "[1"), 400, "invalid-request");
		assertProblem(this.ann.get("/locky/line"), 400, "invalid-request");
		assertProblem(this.ann.get("/locky/line/join"), 405, "method-not-allowed");
		assertProblem(this.ann.postForm("/locky/line/join", "resource=article:5"), 415, "unsupported-media-type");
		assertProblem(new LockClient(this.web).post("/locky/line/join", "{\"resource\":\"article:5\"}"), 401,
				"unauthenticated");
		assertProblem(this.ann.post("/locky/line/join", "{\"resource\":\"%s\"}".formatted("x".repeat(300_000))), 413,
				"too-large");
	}

	/** A policy and a view of the application. */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(LockyPeopleAutoConfiguration.class)
	static class Desk {

		@Bean
		LockAccessPolicy policy() {
			return new LockAccessPolicy() {

				@Override
				public boolean mayLock(LockCaller caller, String resource) {
					return true;
				}

				@Override
				public boolean mayWatch(LockCaller caller, String resource) {
					return !resource.startsWith("unseen:");
				}

				@Override
				public boolean mayQueue(LockCaller caller, String resource) {
					return !resource.startsWith("closed:");
				}

			};
		}

		@Bean
		LockHolderView view() {
			return new LockHolderView() {

				@Override
				public Map<String, ?> show(LockInfo lock) {
					return LockHolderView.everything().show(lock);
				}

				@Override
				public Map<String, ?> show(LockInfo lock, @Nullable LockCaller viewer) {
					return lock.resource().startsWith("secret:") ? Map.of() : show(lock);
				}

			};
		}

	}

}
