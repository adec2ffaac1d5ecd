package io.locky.web.internal.endpoint;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.locky.LockInfo;
import io.locky.LockRequest;
import org.junit.jupiter.api.Test;

import static io.locky.web.internal.endpoint.LockClient.fence;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the policy, the view and the limits of the application decide, in every web
 * framework.
 */
abstract class PolicyContract extends MalformedContract {

	private static final String[] OF_A_HOLDER = { "\"held\"", "\"own\"", "\"locker\"", "\"fence\"", "\"note\"",
			"\"since\"", "\"expiresIn\"" };

	@Test
	void holderIsNotShownToCallersWhoMayNotWatch() {
		this.web.locks().lock(LockRequest.of("article:hidden:1").by("ann").ttl(Duration.ofSeconds(90)).note("secret"));
		long fence = this.web.locks().find("article:hidden:1").orElseThrow().fence();
		HttpResponse<String> refused = this.bob.acquire("article:hidden:1");
		assertProblem(refused, 423, "locked");
		assertThat(refused.body()).doesNotContain(OF_A_HOLDER);
		assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
		for (String resource : new String[] { "article:hidden:1", "article:hidden:2" }) {
			for (HttpResponse<String> ended : List.of(this.bob.heartbeat(resource, 17),
					this.bob.heartbeat(resource, fence), this.bob.takeOver(resource, 17))) {
				assertProblem(ended, 409, "grant-ended");
				assertThat(ended.body()).doesNotContain(OF_A_HOLDER);
			}
		}
	}

	@Test
	void ownLockIsShownToItsHolder() {
		long fence = fence(this.ann.acquire("article:hidden:3"));
		HttpResponse<String> refused = this.ann.acquire("article:hidden:3");
		assertThat(refused.body()).contains("\"own\":true", "\"fence\":" + fence);
		assertThat(this.ann.heartbeat("article:hidden:3", fence - 1).body()).contains("\"own\":true");
	}

	@Test
	void viewMayDependOnTheCaller() {
		this.web.locks().lock(LockRequest.of("article:private:1").by("ann").note("for the chief"));
		assertThat(this.bob.acquire("article:private:1").body()).doesNotContain("for the chief");
		assertThat(this.bob.get("/locky/locks?resource=article:private:1").body()).contains("\"locker\":\"ann\"")
			.doesNotContain("for the chief");
		assertThat(this.chief.get("/locky/locks?resource=article:private:1").body()).contains("for the chief");
		assertThat(this.chief.heartbeat("article:private:1", 17).body()).contains("for the chief");
	}

	@Test
	void viewReplacesNoMemberOfAProblem() {
		this.web.locks().lock("article:status:1", "ann");
		HttpResponse<String> answer = this.bob.acquire("article:status:1");
		assertProblem(answer, 423, "locked");
		for (String name : new String[] { "status", "type", "title", "detail", "instance", "own", "resource" }) {
			assertThat(answer.body().split("\"%s\":".formatted(name), -1)).as(answer.body()).hasSize(2);
		}
		assertThat(answer.body()).contains("\"status\":423", "\"more\":1");
	}

	@Test
	void policyDecidesHowLongALockIsHeld() {
		HttpResponse<String> usual = acquire("article:40", "5.0");
		assertThat(usual.body()).contains("\"ttl\":45.0,\"heartbeat\":15.0,\"maxHold\":null}");
		HttpResponse<String> wished = acquire("article:long:1", "90");
		assertThat(wished.body()).contains("\"ttl\":90.0,\"heartbeat\":30.0,\"maxHold\":600.0}");
		LockInfo lock = this.web.locks().find("article:long:1").orElseThrow();
		assertThat(lock.expiresIn()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(90));
		assertThat(acquire("article:long:2", "3600").body()).contains("\"ttl\":300.0,");
		HttpResponse<String> taken = this.ann.post("/locky/locks/takeover",
				"{\"resource\":\"article:long:1\",\"fence\":%d,\"ttl\":60}".formatted(lock.fence()));
		assertThat(taken.body()).contains("\"ttl\":60.0,\"heartbeat\":20.0,\"maxHold\":600.0}");
	}

	private HttpResponse<String> acquire(String resource, String ttl) {
		return this.ann.post("/locky/locks/acquire", "{\"resource\":\"%s\",\"ttl\":%s}".formatted(resource, ttl));
	}

	@Test
	void callerHoldsALimitedNumberOfLocks() {
		LockClient greedy = LockClient.of(this.web, "greedy");
		long first = fence(greedy.acquire("article:50"));
		assertThat(greedy.acquire("article:51").statusCode()).isEqualTo(200);
		this.web.locks().lock("article:52", "greedy");
		HttpResponse<String> refused = greedy.acquire("article:53");
		assertProblem(refused, 429, "too-many-locks");
		assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
		assertThat(this.web.locks().getLocker("article:53")).isNull();
		assertThat(greedy.acquire("article:51").statusCode()).as("a lock of the caller").isEqualTo(423);
		assertThat(greedy.takeOver("article:50", first).statusCode()).isEqualTo(200);
		this.web.locks().unlock("article:52");
		assertThat(greedy.acquire("article:53").statusCode()).isEqualTo(200);
		assertThat(this.bob.acquire("article:54").statusCode()).isEqualTo(200);
	}

	@Test
	void callerSendsALimitedNumberOfRequests() {
		LockClient hasty = LockClient.of(this.web, "hasty");
		HttpResponse<String> refused = IntStream.range(0, 100)
			.mapToObj((number) -> hasty.heartbeat("article:55", 1000 + number))
			.filter((answer) -> answer.statusCode() == 429)
			.findFirst()
			.orElseThrow();
		assertProblem(refused, 429, "too-many-requests");
		assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
		assertThat(hasty.release("article:55", 17).statusCode()).isEqualTo(204);
		assertThat(this.bob.heartbeat("article:55", 17).statusCode()).isEqualTo(409);
	}

}
