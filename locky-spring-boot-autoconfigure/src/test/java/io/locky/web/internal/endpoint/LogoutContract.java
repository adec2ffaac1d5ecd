package io.locky.web.internal.endpoint;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.locky.testing.ServerLog;
import io.locky.testing.WebInstance;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static io.locky.web.internal.endpoint.LockClient.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sessions that end, behind the log-in form and the logout of Spring Security, in every
 * web framework.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LogoutContract {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final WebInstance web = start("locky.web.enabled=true", "locky.web.ttl=60s",
			"locky.web.stream-heartbeat=1s");

	abstract WebInstance start(String... properties);

	@AfterAll
	void closeWeb() {
		this.web.close();
	}

	@Test
	void logoutReleasesLocksOfItsSessionAndEndsItsStreams() {
		ServerLog log = new ServerLog();
		LockClient here = login();
		LockClient there = login();
		fence(here.acquire("article:1"));
		fence(there.acquire("article:2"));
		try (EventReader ended = here.events("article:9"); EventReader open = there.events("article:9")) {
			await().atMost(TIMEOUT).until(() -> ended.events().size() == 1 && open.events().size() == 1);
			assertThat(here.postForm("/logout", "").statusCode()).isLessThan(400);
			assertThat(this.web.locks().getLocker("article:1")).isNull();
			assertThat(this.web.locks().getLocker("article:2")).isEqualTo("ann");
			await().atMost(TIMEOUT).until(ended::isEnded);
			assertThat(ended.events()).last().isEqualTo("end {\"reason\":\"unauthenticated\"}");
			this.web.locks().lock("article:9", "bob");
			await().atMost(TIMEOUT).until(() -> open.events().size() == 2);
			assertThat(open.isEnded()).isFalse();
		}
		log.close();
		assertThat(log.errors()).isEmpty();
	}

	@Test
	void grantThatASessionReleasedOrLostIsNotReleasedAgain() {
		LockClient here = login();
		long released = fence(here.acquire("article:3"));
		here.release("article:3", released);
		long lost = fence(here.acquire("article:4"));
		this.web.locks().unlock("article:4");
		LockClient there = login();
		fence(there.acquire("article:3"));
		assertThat(fence(there.acquire("article:4"))).isGreaterThan(lost);
		here.postForm("/logout", "");
		assertThat(this.web.locks().getLocker("article:3")).isEqualTo("ann");
		assertThat(this.web.locks().getLocker("article:4")).isEqualTo("ann");
	}

	@Test
	void heartbeatAfterANewLoginMovesTheGrantToIt() {
		long fence = fence(login().acquire("article:5"));
		LockClient again = login();
		assertThat(again.heartbeat("article:5", fence).statusCode()).isEqualTo(200);
		again.postForm("/logout", "");
		assertThat(this.web.locks().getLocker("article:5")).isNull();
	}

	@Test
	void streamEndsWhenItsCallerMayNotWatchAnyMore() {
		LockClient client = login();
		Revocable policy = this.web.bean(Revocable.class);
		try (EventReader idle = client.events("article:6"); EventReader busy = client.events("article:7")) {
			await().atMost(TIMEOUT).until(() -> idle.events().size() == 1 && busy.events().size() == 1);
			policy.revoked.add("article:6");
			policy.revoked.add("article:7");
			this.web.locks().lock("article:7", "bob");
			await().atMost(TIMEOUT).until(() -> busy.isEnded() && idle.isEnded());
			assertThat(busy.events()).hasSize(2).last().isEqualTo("end {\"reason\":\"forbidden\"}");
			assertThat(idle.events()).hasSize(2).last().isEqualTo("end {\"reason\":\"forbidden\"}");
		}
	}

	@Test
	void applicationThatStopsHasNothingToWarnOf() {
		ServerLog log = new ServerLog();
		try (WebInstance stopping = start("locky.web.enabled=true")) {
			LockClient client = login(stopping);
			fence(client.acquire("article:8"));
			try (EventReader stream = client.events("article:8")) {
				await().atMost(TIMEOUT).until(() -> stream.events().size() == 1);
			}
			fence(client.acquire("article:9"));
		}
		log.close();
		assertThat(log.warnings()).isEmpty();
	}

	private LockClient login() {
		return login(this.web);
	}

	private static LockClient login(WebInstance web) {
		HttpResponse<String> answer = new LockClient(web).send("POST", "/login",
				BodyPublishers.ofString("username=ann&password=" + URLEncoder.encode("secret", StandardCharsets.UTF_8)),
				"Content-Type", "application/x-www-form-urlencoded");
		String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
		return new LockClient(web, "Cookie", cookie.substring(0, cookie.indexOf(';')));
	}

	/** A policy whose answer changes. */
	static class Revocable implements LockAccessPolicy {

		private final Set<String> revoked = ConcurrentHashMap.newKeySet();

		@Override
		public boolean mayLock(LockCaller caller, String resource) {
			return !this.revoked.contains(resource);
		}

	}

}
