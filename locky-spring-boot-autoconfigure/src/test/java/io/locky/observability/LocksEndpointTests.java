package io.locky.observability;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.event.LockForceReleasedEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.observability.ManagedWeb.Events;
import io.locky.testing.WebInstance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The endpoint of the Actuator, over HTTP.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocksEndpointTests {

	private static final Class<?>[] APPLICATION = { ObservedWeb.class, ManagedWeb.class };

	private final WebInstance web = WebInstance.start(WebApplicationType.SERVLET, APPLICATION,
			"management.endpoints.web.exposure.include=locky,health", "management.endpoint.locky.access=unrestricted",
			"management.endpoint.health.show-details=always", "locky.startup-check.enabled=false");

	private final LockyTemplate locks = this.web.locks();

	@AfterEach
	void unlock() {
		this.locks.unlockAll("ann");
		this.locks.unlockAll("bob");
	}

	@AfterAll
	void close() {
		this.web.close();
	}

	@Test
	void locksAreListedWithFilters() {
		this.locks.lock(LockRequest.of("article:1").by("ann").note("typos").ttl(Duration.ofMinutes(1)));
		this.locks.lock("article:2", "bob");
		this.locks.lock("picture:1", "ann");
		JsonNode lock = get("?prefix=article:&locker=ann").get("locks").get(0);
		assertThat(lock.get("resource").asString()).isEqualTo("article:1");
		assertThat(lock.get("locker").asString()).isEqualTo("ann");
		assertThat(lock.get("fence").asLong()).isEqualTo(this.locks.find("article:1").orElseThrow().fence());
		assertThat(lock.get("note").asString()).isEqualTo("typos");
		assertThat(lock.get("expiresInMillis").asLong()).isBetween(1L, 60_000L);
		assertThat(lock.get("since").asString())
			.isEqualTo(this.locks.find("article:1").orElseThrow().since().toString());
		assertThat(get("?prefix=article:").get("locks")).hasSize(2);
		assertThat(get("?locker=ann").get("locks")).hasSize(2);
		assertThat(get("").get("locks")).hasSize(3);
	}

	@Test
	void pagesFollowEachOther() {
		for (int i = 0; i < 300; i++) {
			this.locks.lock("article:" + i, "ann");
		}
		JsonNode page = get("?locker=ann&size=100");
		int found = page.get("locks").size();
		assertThat(found).isLessThan(300);
		while (page.hasNonNull("cursor")) {
			page = get("?locker=ann&size=100&cursor=" + encode(page.get("cursor").asString()));
			found += page.get("locks").size();
		}
		assertThat(found).isEqualTo(300);
	}

	@Test
	void wrongFilterIsABadRequest() {
		assertThat(send("GET", "?size=many").statusCode()).isEqualTo(400);
	}

	@Test
	void oneLockIsShownWithItsWaiters() {
		this.locks.lock("folder/article:1", "ann");
		CompletableFuture<LockAttempt> waiting = this.locks
			.tryLockAsync(LockRequest.of("folder/article:1").by("bob").waitUpTo(Duration.ofMinutes(1)));
		await().until(() -> get("/folder/article:1").get("waiters").size() == 1);
		JsonNode shown = get("/folder/article:1");
		assertThat(shown.get("lock").get("locker").asString()).isEqualTo("ann");
		JsonNode waiter = shown.get("waiters").get(0);
		assertThat(waiter.get("instance").asString()).isNotBlank();
		assertThat(waiter.get("since").asString())
			.isGreaterThanOrEqualTo(this.locks.find("folder/article:1").orElseThrow().since().toString());
		waiting.cancel(true);
		await().until(() -> get("/folder/article:1").get("waiters").isEmpty());
	}

	@Test
	void freeLockIsNotFound() {
		assertThat(send("GET", "/article:1").statusCode()).isEqualTo(404);
	}

	@Test
	void forcedReleaseIsAuditedWithTheOperator() {
		this.locks.lock("article:7", "ann");
		long fence = this.locks.find("article:7").orElseThrow().fence();
		JsonNode release = json(send("DELETE", "/article:7", "X-User", "operator"));
		assertThat(release.get("released").asBoolean()).isTrue();
		assertThat(release.get("lock").get("locker").asString()).isEqualTo("ann");
		assertThat(this.locks.getLocker("article:7")).isNull();
		Events events = this.web.bean(Events.class);
		assertThat(events.of(LockReleasedEvent.class)).anyMatch((event) -> event.getFence() == fence);
		assertThat(events.of(LockForceReleasedEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getResource()).isEqualTo("article:7");
			assertThat(event.getLocker()).isEqualTo("ann");
			assertThat(event.getFence()).isEqualTo(fence);
			assertThat(event.getOperator()).isEqualTo("operator");
		});
		assertThat(events.of(AuditApplicationEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getAuditEvent().getPrincipal()).isEqualTo("operator");
			assertThat(event.getAuditEvent().getType()).isEqualTo("LOCK_FORCE_RELEASED");
			assertThat(event.getAuditEvent().getData()).containsEntry("resource", "article:7")
				.containsEntry("locker", "ann")
				.containsEntry("fence", fence);
		});
	}

	@Test
	void anotherGrantIsNotReleased() {
		this.locks.lock("article:8", "ann");
		assertThat(json(send("DELETE", "/article:8?fence=1")).get("released").asBoolean()).isFalse();
		assertThat(this.locks.getLocker("article:8")).isEqualTo("ann");
		assertThat(json(send("DELETE", "/article:9")).get("released").asBoolean()).isFalse();
	}

	@Test
	void forcedReleaseIsOffByDefault() {
		try (WebInstance readOnly = WebInstance.start(WebApplicationType.SERVLET, APPLICATION,
				"management.endpoints.web.exposure.include=locky", "locky.startup-check.enabled=false")) {
			readOnly.locks().lock("article:1", "ann");
			assertThat(readOnly.send("DELETE", "/actuator/locky/article:1", "X-User", "operator").statusCode())
				.isEqualTo(405);
			assertThat(readOnly.send("GET", "/actuator/locky/article:1").statusCode()).isEqualTo(200);
			assertThat(readOnly.locks().getLocker("article:1")).isEqualTo("ann");
		}
	}

	@Test
	void healthIsUpWithDetails() {
		await().untilAsserted(() -> {
			JsonNode health = json(this.web.send("GET", "/actuator/health"));
			assertThat(health.get("status").asString()).isEqualTo("UP");
			JsonNode component = health.get("components").get("locky");
			assertThat(component.get("status").asString()).isEqualTo("UP");
			assertThat(component.get("details").get("worker").asString()).startsWith("20");
			assertThat(component.get("details").get("follower").asString()).isEqualTo("off");
			assertThat(component.get("details").get("subscribed").asBoolean()).isTrue();
		});
	}

	private JsonNode get(String path) {
		return json(send("GET", path));
	}

	private static JsonNode json(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return JsonMapper.shared().readTree(answer.body());
	}

	private HttpResponse<String> send(String method, String path, String... headers) {
		return this.web.send(method, "/actuator/locky" + path, headers);
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

}
