package io.locky.web.internal.endpoint;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.locky.testing.ServerLog;
import io.locky.testing.WebInstance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random requests, in every web framework: no failure, no refusal without a type, and no
 * error in the log for what a client did.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FuzzContract {

	private static final long SEED = 14;

	private final WebInstance web = start("locky.web.enabled=true", "locky.web.resources=article:",
			"locky.web.max-subscribers=100000", "locky.web.stream-heartbeat=2s");

	private final LockClient client = new LockClient(this.web);

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final Map<Integer, Integer> counts = new TreeMap<>();

	abstract WebInstance start(String... properties);

	@AfterAll
	void closeWeb() {
		this.web.close();
	}

	@Test
	void someRequestsToEachEndpoint() {
		assertAnswers(60);
	}

	@Test
	@Tag("faults")
	void manyRequestsToEachEndpoint() {
		try {
			assertAnswers(10_000);
		}
		finally {
			System.out.println(getClass().getSimpleName() + " answers by status: " + this.counts);
		}
	}

	private void assertAnswers(int requests) {
		ServerLog log = new ServerLog();
		List<String> wrong = new ArrayList<>();
		for (String endpoint : RandomRequest.ENDPOINTS) {
			RandomRequest random = new RandomRequest(SEED + endpoint.hashCode());
			for (int i = 0; i < requests; i++) {
				String problem = send(random.next(this.client, endpoint, i));
				if (problem != null) {
					wrong.add(problem);
				}
			}
		}
		log.close();
		assertThat(wrong).isEmpty();
		// Spring leaves a buffer if a client goes away while an event is encoded for it.
		assertThat(log.errors()).filteredOn((error) -> !error.startsWith("LEAK: ByteBuf")).isEmpty();
	}

	private @Nullable String send(HttpRequest request) {
		try {
			HttpResponse<InputStream> answer = this.http.send(request, BodyHandlers.ofInputStream());
			int status = answer.statusCode();
			this.counts.merge(status, 1, Integer::sum);
			try (InputStream body = answer.body()) {
				if (status < 400) {
					return null;
				}
				String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
				boolean isTyped = request.method().equals("HEAD") || (text.contains("\"urn:problem-type:locky:")
						&& answer.headers().firstValue("Content-Type").orElse("").equals("application/problem+json"));
				return (status < 500 && isTyped) ? null : "%s %s %s: %d %s".formatted(request, request.headers().map(),
						request.bodyPublisher(), status, text);
			}
		}
		catch (IOException | InterruptedException ex) {
			return request + " " + request.headers().map() + ": " + ex;
		}
	}

}
