package io.locky.web;

import java.nio.file.Path;
import java.util.List;

import io.locky.advice.AheadOfTime;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Answers to exceptions of locks and refusals of beans, in an application that was
 * processed ahead of time. {@link LockProblemContract} has more of them on the JVM.
 */
class ProcessedProblemTests {

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void answersAndRefusalsAreThoseOfTheJvm(@TempDir Path directory) throws Exception {
		List<String> output = new AheadOfTime(directory, ProblemApplication.class).run("--server.port=0",
				"--spring.data.redis.url=" + TestRedis.url(), "--locky.prefix=" + this.fixture.prefix());
		assertThat(output).contains("Processed ahead of time: true");
		assertThat(output.stream()
			.filter((line) -> line.startsWith(ProblemApplication.RESULT))
			.map((line) -> line.substring(ProblemApplication.RESULT.length())))
			.containsExactly("POST /articles/12/publish: 423 urn:problem-type:locky:locked",
					"PUT /articles/14?user=ann&fence=17: 428 urn:problem-type:locky:lock-required",
					"PUT /articles/17/lose: 409 urn:problem-type:locky:lock-lost",
					"POST /desks/%20/open: 400 urn:problem-type:locky:invalid-request",
					"PUT /desks/sport?fence=abc: 400 urn:problem-type:locky:invalid-request",
					"privateMethod: a proxy cannot reach a private, final or static method, so that it would run "
							+ "unlocked",
					"unknownParameter: there is no parameter 'ident'",
					"stream: it returns a Stream, whose work is done after the lock is released",
					"skippedInt: there is no int to return when it is skipped",
					"missingFallback: there is no method 'other' in "
							+ ProblemApplication.MissingFallback.class.getName() + " to fall back to",
					"suspendingMono: it is a suspending function that returns a Mono, whose work may end after the "
							+ "lock is released");
	}

}
