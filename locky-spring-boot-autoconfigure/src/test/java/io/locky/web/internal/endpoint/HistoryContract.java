package io.locky.web.internal.endpoint;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;

import io.locky.LockRequest;
import io.locky.people.LockHistory;
import io.locky.testing.WebInstance;
import io.locky.web.LockCaller;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.locky.web.internal.endpoint.LockClient.fence;
import static io.locky.web.internal.endpoint.RefusalContract.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The history of locks over HTTP, in every web framework.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HistoryContract {

	private static final String PATH = "/locky/history?resource=";

	private final WebInstance web = start(new Class<?>[] { Desk.class, RefusalContract.View.class },
			"locky.web.enabled=true", "locky.ttl=60s", "locky.history.enabled=true");

	private final LockClient ann = LockClient.of(this.web, "ann");

	private final LockClient bob = LockClient.of(this.web, "bob");

	private final LockClient chief = LockClient.of(this.web, "chief");

	abstract WebInstance start(Class<?>[] sources, String... properties);

	@AfterAll
	void closeWeb() {
		this.web.close();
	}

	@Test
	void holdsAreShownWithWhoAndWhy() {
		long first = fence(this.ann.acquire("article:1"));
		this.ann.release("article:1", first);
		long second = fence(this.ann.acquire("article:1"));
		long third = fence(this.chief.post("/locky/locks/takeover",
				"{\"resource\":\"article:1\",\"fence\":%d,\"note\":\"Press time\"}".formatted(second)));
		this.web.locks().unlock("article:1");
		String time = "\"[-T:0-9.]+Z\"";
		assertThat(this.bob.get(PATH + "article:1").body()).matches(("\\{\"holds\":\\["
				+ "\\{\"locker\":\"chief\",\"fence\":%3$d,\"since\":%4$s,\"until\":%4$s,\"outcome\":\"FORCE_RELEASED\",\"by\":null,\"note\":null},"
				+ "\\{\"locker\":\"ann\",\"fence\":%2$d,\"since\":%4$s,\"until\":%4$s,\"outcome\":\"TAKEN_OVER\",\"by\":\"chief\",\"note\":\"Press time\"},"
				+ "\\{\"locker\":\"ann\",\"fence\":%1$d,\"since\":%4$s,\"until\":%4$s,\"outcome\":\"RELEASED\",\"by\":\"ann\",\"note\":null}"
				+ "\\],\"next\":null}")
			.formatted(first, second, third, time));
	}

	@Test
	void pagesFollowEachOther() {
		LockHistory history = this.web.bean(LockHistory.class);
		for (int i = 0; i < 23; i++) {
			this.web.locks().lock("article:2", i);
			this.web.locks().unlock("article:2", i);
		}
		long next = Objects.requireNonNull(history.history("article:2", null, 20).next());
		HttpResponse<String> usual = this.ann.get(PATH + "article:2");
		assertThat(usual.body()).contains("\"locker\":\"22\"", "\"locker\":\"3\"")
			.endsWith("\"next\":%d}".formatted(next))
			.doesNotContain("\"locker\":\"2\"");
		assertThat(this.ann.get(PATH + "article:2&before=" + next).body()).contains("\"locker\":\"2\"")
			.doesNotContain("\"locker\":\"3\"")
			.endsWith("\"next\":null}");
		assertThat(this.ann.get(PATH + "article:2&size=1").body()).contains("\"locker\":\"22\"")
			.doesNotContain("\"locker\":\"21\"");
	}

	@Test
	void expiryIsShownSoonAfterTheDeadline() {
		this.web.locks().lock(LockRequest.of("article:3").by("ann").ttl(Duration.ofMillis(30)));
		await().until(() -> this.bob.get(PATH + "article:3").body().contains("\"outcome\":\"EXPIRED\",\"by\":null"));
	}

	@Test
	void viewDecidesWhatIsShown() {
		this.web.locks().lock("article:private:1", "ann");
		this.web.locks().lock(LockRequest.of("article:private:1").by("bob").force().note("for the chief"));
		assertThat(this.ann.get(PATH + "article:private:1").body()).contains("\"by\":\"bob\",\"note\":null");
		assertThat(this.chief.get(PATH + "article:private:1").body()).contains("\"note\":\"for the chief\"");
	}

	@Test
	void policyDecidesWhoMayRead() {
		assertProblem(this.bob.get(PATH + "article:hidden:1"), 403, "forbidden");
		assertThat(this.chief.get(PATH + "article:hidden:1").body()).isEqualTo("{\"holds\":[],\"next\":null}");
		assertProblem(this.ann.get(PATH + "invoice:1"), 403, "forbidden");
		assertProblem(new LockClient(this.web).get(PATH + "article:1"), 401, "unauthenticated");
	}

	@ParameterizedTest
	@CsvSource({ "''", "resource=", "resource=article:1&resource=article:2", "resource=article:1&size=0",
			"resource=article:1&size=501", "resource=article:1&size=x", "resource=article:1&size=99999999999999999999",
			"resource=article:1&before=-1", "resource=article:1&before=x", "resource=article:1&before=1&before=2",
			"resource=article:%ff" })
	void impossibleRequestIs400(String query) {
		assertProblem(this.ann.get("/locky/history?" + query), 400, "invalid-request");
	}

	@Test
	void otherMethodsAreRefused() {
		assertProblem(this.ann.post("/locky/history", "{}"), 405, "method-not-allowed");
	}

	@Test
	void moduleIsServed() {
		HttpResponse<String> module = this.web.send("GET", "/locky/locky-history.js");
		assertThat(module.statusCode()).isEqualTo(200);
		assertThat(module.body()).contains("export function history");
	}

	@Test
	void thereIsNoEndpointWithoutAHistory() {
		try (WebInstance without = start(new Class<?>[] { RefusalContract.Desk.class }, "locky.web.enabled=true")) {
			assertThat(LockClient.of(without, "ann").get(PATH + "article:1").statusCode()).isEqualTo(404);
		}
	}

	/** A policy of the application. */
	static class Desk extends RefusalContract.Desk {

		@Override
		public boolean mayReadHistory(LockCaller caller, String resource) {
			return super.mayReadHistory(caller, resource)
					|| (caller.locker().equals("chief") && mayLock(caller, resource));
		}

	}

}
