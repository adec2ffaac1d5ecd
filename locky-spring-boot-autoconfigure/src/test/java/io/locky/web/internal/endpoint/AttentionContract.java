package io.locky.web.internal.endpoint;

import java.net.http.HttpResponse;
import java.time.Duration;

import io.locky.LockInfo;
import io.locky.testing.WebInstance;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.locky.web.internal.endpoint.LockClient.fence;
import static io.locky.web.internal.endpoint.RefusalContract.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Holders that are idle, in every web framework.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AttentionContract {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final WebInstance web = start(new Class<?>[] { Desk.class }, "locky.web.enabled=true",
			"locky.web.stream-heartbeat=1s");

	private final LockClient ann = LockClient.of(this.web, "ann");

	private final LockClient bob = LockClient.of(this.web, "bob");

	abstract WebInstance start(Class<?>[] sources, String... properties);

	@AfterAll
	void closeWeb() {
		this.web.close();
	}

	@Test
	void othersSeeSinceWhenTheHolderIsIdle() {
		long fence = fence(this.ann.acquire("article:1"));
		assertThat(state("article:1")).doesNotContain("idleSince");
		assertThat(heartbeat("article:1", fence, "30.5").body())
			.startsWith("{\"resource\":\"article:1\",\"fence\":%d,\"expiresIn\":".formatted(fence));
		LockInfo lock = this.web.locks().find("article:1").orElseThrow();
		assertThat(lock.idleSince()).isNotNull();
		String idle = "\"idleSince\":\"%s\"".formatted(lock.idleSince());
		assertThat(state("article:1")).contains(idle);
		assertThat(this.bob.post("/locky/locks/query", "{\"resources\":[\"article:1\"]}").body()).contains(idle);
		assertThat(this.bob.acquire("article:1").body()).contains(idle);
		assertThat(heartbeat("article:1", fence, "null").statusCode()).isEqualTo(200);
		assertThat(state("article:1")).contains(idle);
		assertThat(heartbeat("article:1", fence, "0").statusCode()).isEqualTo(200);
		assertThat(state("article:1")).contains("\"locker\":\"ann\"").doesNotContain("idleSince");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "-0.001", "31536001", "1e300", "true", "\"x\"", "[]", "{}" })
	void otherIdleIs400AndChangesNothing(String idle) {
		long fence = fence(this.ann.acquire("article:2"));
		assertProblem(send("article:2", fence, idle), 400, "invalid-request");
		assertThat(this.web.locks().find("article:2").orElseThrow().idleSince()).isNull();
		this.ann.release("article:2", fence);
	}

	@Test
	void nobodyReportsForAnotherOrForAnEndedGrant() {
		long fence = fence(this.ann.acquire("article:3"));
		HttpResponse<String> refused = this.bob.post("/locky/locks/heartbeat", body("article:3", fence, "9"));
		assertProblem(refused, 409, "grant-ended");
		assertProblem(send("article:3", fence - 1, "9"), 409, "grant-ended");
		assertThat(this.web.locks().find("article:3").orElseThrow().idleSince()).isNull();
	}

	@Test
	void streamShowsWhenTheHolderIsIdleAndWhenActive() {
		long fence = fence(this.ann.acquire("article:4"));
		try (EventReader reader = this.bob.events("article:4")) {
			await().atMost(TIMEOUT).until(() -> reader.events().size() == 1);
			heartbeat("article:4", fence, "60");
			await().atMost(TIMEOUT).until(() -> reader.events().size() == 2);
			LockInfo lock = this.web.locks().find("article:4").orElseThrow();
			heartbeat("article:4", fence, "60");
			heartbeat("article:4", fence, "0");
			this.ann.release("article:4", fence);
			await().atMost(TIMEOUT).until(() -> reader.events().size() == 4);
			assertThat(reader.events().get(1)).startsWith("idle {\"resource\":\"article:4\",\"own\":false,\"at\":\"")
				.endsWith("\"lock\":{\"locker\":\"ann\",\"fence\":%d,\"idleSince\":\"%s\"}}".formatted(fence,
						lock.idleSince()));
			assertThat(reader.events().get(2)).startsWith("active {\"resource\":\"article:4\",\"own\":false,\"at\":\"")
				.endsWith("\"lock\":{\"locker\":\"ann\",\"fence\":%d}}".formatted(fence));
			assertThat(reader.events().get(3)).startsWith("released ");
		}
	}

	@Test
	void policyLetsOthersTakeOverFromTheIdle() {
		long fence = fence(this.ann.acquire("article:5"));
		HttpResponse<String> refused = this.bob.takeOver("article:5", fence);
		assertProblem(refused, 423, "locked");
		assertThat(refused.body()).contains("\"locker\":\"ann\"", "\"own\":false");
		assertProblem(LockClient.of(this.web, "guest").takeOver("article:5", fence), 403, "forbidden");
		heartbeat("article:5", fence, "60");
		assertThat(fence(awaitTakeover("article:5", fence))).isGreaterThan(fence);
		assertProblem(heartbeat("article:5", fence, "0"), 409, "grant-ended");
		assertThat(this.web.locks().getLocker("article:5")).isEqualTo("bob");
	}

	@Test
	void holderThatIsBackIsNotTakenOver() {
		long fence = fence(this.ann.acquire("article:hour:6"));
		heartbeat("article:hour:6", fence, "60");
		assertThat(this.bob.takeOver("article:hour:6", fence).body()).contains("\"idleSince\":\"");
		heartbeat("article:hour:6", fence, "0");
		HttpResponse<String> refused = this.bob.takeOver("article:hour:6", fence);
		assertProblem(refused, 423, "locked");
		assertThat(refused.body()).doesNotContain("idleSince");
		assertProblem(this.bob.takeOver("article:hour:6", fence - 1), 409, "grant-ended");
	}

	private HttpResponse<String> awaitTakeover(String resource, long fence) {
		return await().atMost(TIMEOUT)
			.until(() -> this.bob.takeOver(resource, fence), (answer) -> answer.statusCode() == 200);
	}

	/** As soon as the limit of heartbeats allows it. */
	private HttpResponse<String> heartbeat(String resource, long fence, String idle) {
		return await().atMost(TIMEOUT).until(() -> send(resource, fence, idle), (answer) -> answer.statusCode() != 429);
	}

	private HttpResponse<String> send(String resource, long fence, String idle) {
		return this.ann.post("/locky/locks/heartbeat", body(resource, fence, idle));
	}

	private static String body(String resource, long fence, String idle) {
		return "{\"resource\":\"%s\",\"fence\":%d,\"idle\":%s}".formatted(resource, fence, idle);
	}

	private String state(String resource) {
		return this.bob.get("/locky/locks?resource=" + resource).body();
	}

	static class Desk implements LockAccessPolicy {

		@Override
		public boolean mayLock(LockCaller caller, String resource) {
			return resource.startsWith("article:");
		}

		@Override
		public @Nullable Duration takeOverFromIdle(LockCaller caller, LockInfo current) {
			if (caller.locker().equals("guest")) {
				return null;
			}
			return current.resource().startsWith("article:hour:") ? Duration.ofHours(1) : Duration.ofMillis(300);
		}

	}

}
