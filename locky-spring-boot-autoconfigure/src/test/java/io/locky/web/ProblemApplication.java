package io.locky.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.locky.LockRequest;
import io.locky.advice.SuspendingMistakes;
import io.locky.annotation.InvalidLockedMethodException;
import io.locky.annotation.Locked;
import io.locky.annotation.OnDenied;
import io.locky.core.LockyTemplate;

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * An application with a controller, and with beans that are refused as soon as they are
 * created. Prints the answers and the errors.
 */
@Configuration(proxyBeanMethods = false)
@Import(WebMvcLockProblemTests.Mvc.class)
public class ProblemApplication {

	/** Starts a line of the output that has a result. */
	static final String RESULT = "result: ";

	public static void main(String[] args) throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.run(ProblemApplication.class, args)) {
			System.out.println("Processed ahead of time: " + AotDetector.useGeneratedArtifacts());
			results(context).forEach((result) -> System.out.println(RESULT + result));
		}
	}

	static List<String> results(ConfigurableApplicationContext context) throws Exception {
		LockyTemplate locks = context.getBean(LockyTemplate.class);
		locks.lock(LockRequest.of("article:12").by("ann"));
		List<String> results = new ArrayList<>();
		results.add(send(context, "POST", "/articles/12/publish"));
		results.add(send(context, "PUT", "/articles/14?user=ann&fence=17"));
		results.add(send(context, "PUT", "/articles/17/lose"));
		results.add(send(context, "POST", "/desks/%20/open"));
		results.add(send(context, "PUT", "/desks/sport?fence=abc"));
		Stream.of("privateMethod", "unknownParameter", "stream", "skippedInt", "missingFallback", "suspendingMono")
			.forEach((name) -> results.add(name + ": " + refusal(context, name)));
		return results;
	}

	private static String send(ConfigurableApplicationContext context, String method, String path)
			throws IOException, InterruptedException {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		HttpResponse<String> answer = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
				.method(method, BodyPublishers.noBody())
				.build(), BodyHandlers.ofString());
		return "%s %s: %d %s".formatted(method, path, answer.statusCode(),
				answer.body().replaceAll(".*\"type\":\"([^\"]+)\".*", "$1"));
	}

	private static String refusal(ConfigurableApplicationContext context, String name) {
		try {
			context.getBean(name);
			return "created";
		}
		catch (BeanCreationException ex) {
			return (ex.getMostSpecificCause() instanceof InvalidLockedMethodException invalid)
					? String.valueOf(invalid.getMessage()).replaceAll("^@\\w+ on [^ ]+: ", "") : "another error";
		}
	}

	@Bean
	ArticleController articleController(LockyTemplate locks) {
		return new ArticleController(locks);
	}

	@Bean
	@Lazy
	public PrivateMethod privateMethod() {
		return new PrivateMethod();
	}

	@Bean
	@Lazy
	public UnknownParameter unknownParameter() {
		return new UnknownParameter();
	}

	@Bean
	@Lazy
	public StreamResult stream() {
		return new StreamResult();
	}

	@Bean
	@Lazy
	public SkippedInt skippedInt() {
		return new SkippedInt();
	}

	@Bean
	@Lazy
	public MissingFallback missingFallback() {
		return new MissingFallback();
	}

	@Bean
	@Lazy
	public SuspendingMistakes.Mono suspendingMono() {
		return new SuspendingMistakes.Mono();
	}

	/** Is refused. */
	public static class PrivateMethod {

		@Locked("x")
		private void run() {
		}

	}

	/** Is refused. */
	public static class UnknownParameter {

		@Locked("#ident")
		public void run(String id) {
		}

	}

	/** Is refused. */
	public static class StreamResult {

		@Locked("x")
		public Stream<String> run() {
			return Stream.empty();
		}

	}

	/** Is refused. */
	public static class SkippedInt {

		@Locked(value = "x", onDenied = OnDenied.SKIP)
		public int run() {
			return 1;
		}

	}

	/** Is refused. */
	public static class MissingFallback {

		@Locked(value = "x", onDenied = OnDenied.FALLBACK, fallback = "other")
		public String run() {
			return "";
		}

	}

}
