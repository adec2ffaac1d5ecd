package io.locky.web;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.testing.WebInstance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Problem details for exceptions of controllers, in every web framework.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LockProblemContract {

	private static final Pattern EXPIRES_IN = Pattern.compile("\"expiresIn\":([0-9.]+)");

	private final WebInstance web = start(new Class<?>[] { ArticleController.class });

	abstract WebInstance start(Class<?>[] sources, String... properties);

	@AfterAll
	void closeWeb() {
		this.web.close();
	}

	@Test
	void lockedResourceIs423WithItsHolder() {
		this.web.locks().lock(LockRequest.of("article:12").by("ann").ttl(Duration.ofMinutes(5)).note("Back at \"3\""));
		LockInfo held = this.web.locks().find("article:12").orElseThrow();
		HttpResponse<String> answer = this.web.send("POST", "/articles/12/publish");
		assertProblem(answer, 423);
		Matcher expiresIn = EXPIRES_IN.matcher(answer.body());
		assertThat(expiresIn.find()).isTrue();
		assertThat(answer.body()).isEqualTo("{\"detail\":\"'article:12' is locked by somebody else.\","
				+ "\"instance\":\"/articles/12/publish\",\"status\":423,\"title\":\"Locked\","
				+ "\"type\":\"urn:problem-type:locky:locked\",\"resource\":\"article:12\",\"locker\":\"ann\","
				+ "\"since\":\"%s\",\"expiresIn\":%s,\"fence\":%d,\"note\":\"Back at \\\"3\\\"\"}"
					.formatted(held.since(), expiresIn.group(1), held.fence()));
		double seconds = Double.parseDouble(expiresIn.group(1));
		assertThat(seconds).isBetween(200.0, 300.0);
		assertThat(answer.headers().firstValue("Retry-After")).hasValue(Long.toString((long) Math.ceil(seconds)));
	}

	@Test
	void lockWithoutTtlHasNoRetryAfter() {
		this.web.locks().lock("article:13", "bob");
		LockInfo held = this.web.locks().find("article:13").orElseThrow();
		HttpResponse<String> answer = this.web.send("PUT", "/articles/13?user=ann&fence=17", "Accept", "text/html");
		assertProblem(answer, 423);
		assertThat(answer.body()).isEqualTo(("{\"detail\":\"'article:13' is locked by somebody else.\","
				+ "\"instance\":\"/articles/13\",\"status\":423,\"title\":\"Locked\","
				+ "\"type\":\"urn:problem-type:locky:locked\",\"resource\":\"article:13\",\"locker\":\"bob\","
				+ "\"since\":\"%s\",\"fence\":%d}")
			.formatted(held.since(), held.fence()));
		assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
	}

	@Test
	void missingLockIs428() {
		HttpResponse<String> answer = this.web.send("PUT", "/articles/14?user=ann&fence=17");
		assertProblem(answer, 428);
		assertThat(answer.body())
			.isEqualTo("{\"detail\":\"'article:14' must be locked for that, but nobody holds it.\","
					+ "\"instance\":\"/articles/14\",\"status\":428,\"title\":\"Lock required\","
					+ "\"type\":\"urn:problem-type:locky:lock-required\",\"resource\":\"article:14\"}");
	}

	@Test
	void otherGrantOfTheSameLockerIs428() {
		this.web.locks().lock("article:15", "ann");
		LockInfo held = this.web.locks().find("article:15").orElseThrow();
		HttpResponse<String> answer = this.web.send("PUT", "/articles/15?user=ann&fence=17");
		assertProblem(answer, 428);
		assertThat(answer.body())
			.isEqualTo(("{\"detail\":\"Your lock of 'article:15' has ended, and you have acquired it again.\","
					+ "\"instance\":\"/articles/15\",\"status\":428,\"title\":\"Lock required\","
					+ "\"type\":\"urn:problem-type:locky:lock-required\",\"resource\":\"article:15\",\"locker\":\"ann\","
					+ "\"since\":\"%s\",\"fence\":%d}")
				.formatted(held.since(), held.fence()));
		assertThat(this.web.send("PUT", "/articles/15?user=ann&fence=" + held.fence()).body()).isEqualTo("saved");
	}

	@Test
	void staleFenceIs409() {
		HttpResponse<String> answer = this.web.send("PUT", "/articles/16/late");
		assertProblem(answer, 409);
		assertThat(answer.body()).isEqualTo("{\"detail\":\"'article:16' was not saved: a later holder of its lock has "
				+ "saved, or it does not exist.\",\"instance\":\"/articles/16/late\",\"status\":409,"
				+ "\"title\":\"Stale fence\",\"type\":\"urn:problem-type:locky:stale-fence\","
				+ "\"resource\":\"article:16\",\"fence\":17}");
	}

	@Test
	void lostLockIs409() {
		HttpResponse<String> answer = this.web.send("PUT", "/articles/17/lose");
		assertProblem(answer, 409);
		assertThat(answer.body().replaceAll("\\d{10,}", "…")).isEqualTo(
				"{\"detail\":\"The lock of 'article:17' was lost before the work was done: somebody else may have "
						+ "acquired it.\",\"instance\":\"/articles/17/lose\",\"status\":409,\"title\":\"Lock lost\","
						+ "\"type\":\"urn:problem-type:locky:lock-lost\",\"resource\":\"article:17\",\"fence\":…}");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			POST | /desks/%20/open         | 'the value of #<name>' must not be blank.
			POST | /desks/a%0Ab/open       | 'resource' must not have control characters such as a line break.
			PUT  | /desks/%20              | 'the value of #<name>' must not be blank.
			PUT  | /desks/sport?fence=abc  | 'fence' must be a whole number.
			PUT  | /desks/sport?fence=-1   | 'fence' must be positive, but is -1.
			""")
	void badInputIs400(String method, String path, String detail) {
		assertBadInput(method, path, detail);
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PUT" })
	void tooLongNameIs400(String method) {
		String path = "/desks/" + "x".repeat(600) + (method.equals("POST") ? "/open" : "");
		assertBadInput(method, path, "'resource' must have at most 512 characters, but has 605.");
	}

	private void assertBadInput(String method, String path, String detail) {
		HttpResponse<String> answer = this.web.send(method, path);
		assertProblem(answer, 400);
		assertThat(answer.body()).startsWith("{\"detail\":\"" + detail + "\"")
			.contains("\"status\":400", "\"title\":\"Invalid request\"",
					"\"type\":\"urn:problem-type:locky:invalid-request\"");
	}

	@Test
	void answerIsUnchangedBesideProblemDetailsOfSpring() {
		with(new Class<?>[] { ArticleController.class }, (other) -> {
			assertProblem(other.send("PUT", "/articles/12?user=ann&fence=17"), 428);
			HttpResponse<String> badRequest = other.send("PUT", "/articles/12?user=ann&fence=x");
			assertThat(badRequest.statusCode()).isEqualTo(400);
			assertThat(badRequest.body()).contains("\"status\":400").doesNotContain("locky");
		}, "spring.mvc.problemdetails.enabled=true", "spring.webflux.problemdetails.enabled=true");
	}

	@Test
	void adviceOfTheApplicationComesFirst() {
		with(new Class<?>[] { ArticleController.class, OwnAdvice.class }, (other) -> {
			HttpResponse<String> answer = other.send("PUT", "/articles/12?user=ann&fence=17");
			assertThat(answer.statusCode()).isEqualTo(402);
			assertThat(answer.body()).isEqualTo("'article:12' must be locked for that, but nobody holds it");
		});
	}

	@Test
	void viewOfTheApplicationHidesTheHolder() {
		with(new Class<?>[] { ArticleController.class, Anonymous.class }, (other) -> {
			other.locks().lock(LockRequest.of("article:12").by("ann").ttl(Duration.ofMinutes(5)));
			HttpResponse<String> answer = other.send("POST", "/articles/12/publish");
			assertProblem(answer, 423);
			assertThat(answer.body()).isEqualTo("{\"detail\":\"'article:12' is locked by somebody else.\","
					+ "\"instance\":\"/articles/12/publish\",\"status\":423,\"title\":\"Locked\","
					+ "\"type\":\"urn:problem-type:locky:locked\",\"resource\":\"article:12\",\"desk\":\"sport\"}");
			assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
		});
	}

	@Test
	void problemsCanBeSwitchedOff() {
		with(new Class<?>[] { ArticleController.class }, (other) -> {
			HttpResponse<String> answer = other.send("PUT", "/articles/16/late");
			assertThat(answer.statusCode()).isEqualTo(500);
			assertThat(answer.body()).doesNotContain("urn:problem-type");
		}, "locky.web.problems.enabled=false");
	}

	private void with(Class<?>[] sources, Consumer<WebInstance> test, String... properties) {
		try (WebInstance other = start(sources, properties)) {
			test.accept(other);
		}
	}

	static void assertProblem(HttpResponse<String> answer, int status) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
	}

	static class Anonymous implements LockHolderView {

		@Override
		public Map<String, ?> show(LockInfo lock) {
			return Map.of("desk", "sport");
		}

	}

}
