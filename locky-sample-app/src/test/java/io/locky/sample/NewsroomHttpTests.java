package io.locky.sample;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests to the server that bypass its pages.
 */
class NewsroomHttpTests {

	private static RunningNewsroom newsroom;

	@BeforeAll
	static void start() {
		newsroom = RunningNewsroom.start();
	}

	@AfterAll
	static void stop() {
		newsroom.close();
	}

	@Test
	void anonymousUserIsSentToTheLogin() throws Exception {
		User stranger = new User();
		HttpResponse<String> page = stranger.send("GET", "/", "");
		assertThat(page.statusCode()).isEqualTo(302);
		assertThat(page.headers().firstValue("Location"))
			.hasValueSatisfying((to) -> assertThat(to).endsWith("/login.html"));
		assertThat(stranger.send("GET", "/api/articles", "").statusCode()).isEqualTo(401);
		assertThat(stranger.send("GET", "/locky/locks?resource=article:1", "").statusCode()).isEqualTo(401);
	}

	@Test
	void loginNeedsTheCsrfToken() throws Exception {
		User forged = new User();
		forged.send("GET", "/login.html", "");
		HttpResponse<String> answer = forged.send("POST", "/login", "username=Ines&password=newsroom");
		assertThat(answer.headers().firstValue("Location").orElse("")).endsWith("/login.html");
		assertThat(forged.send("GET", "/api/me", "").statusCode()).isEqualTo(401);
	}

	@Test
	void loginLeadsBackToThePageButNeverToAnotherSite() throws Exception {
		User ines = new User();
		ines.send("GET", "/article.html?id=3&url=//evil.example", "");
		ines.send("GET", "/login.html?continue=https://evil.example", "");
		String login = "username=Ines&password=newsroom&continue=https://evil.example&_csrf=" + ines.token();
		assertThat(ines.send("POST", "/login", login).headers().firstValue("Location"))
			.hasValue(newsroom.url() + "/article.html?id=3&url=//evil.example&continue");
	}

	@Test
	void pagesRunOnlyScriptsAndStylesOfTheirOwn() throws Exception {
		User ines = User.logsIn("Ines");
		for (String path : List.of("/", "/login.html", "/article.html?id=1", "/articles/1/headline",
				"/article.html?id=99", "/api/me", "/locky/locky.js")) {
			HttpResponse<String> answer = ines.send("GET", path, "");
			assertThat(answer.headers().firstValue("Content-Security-Policy")).as(path)
				.hasValueSatisfying((policy) -> assertThat(policy).startsWith("default-src 'self';")
					.contains("frame-ancestors 'none'")
					.doesNotContain("unsafe"));
			assertThat(answer.body()).as(path).doesNotContainPattern("<style| style=| on\\w+=\"|<script(?![^>]* src=)");
		}
	}

	@Test
	void cookiesStayOnTheSite() throws Exception {
		User ines = User.logsIn("Ines");
		List<String> cookies = new User().send("GET", "/article.html?id=1", "").headers().allValues("Set-Cookie");
		assertThat(cookies).hasSize(2).allMatch((cookie) -> cookie.contains("SameSite=Lax"));
		assertThat(cookies).anyMatch((cookie) -> cookie.startsWith("newsroom-") && cookie.contains("HttpOnly"));
		assertThat(ines.send("GET", "/api/me", "").statusCode()).isEqualTo(200);
	}

	@Test
	void missingArticleIsNotFound() throws Exception {
		User ines = User.logsIn("Ines");
		for (String path : List.of("/article.html?id=99", "/articles/99/headline")) {
			HttpResponse<String> answer = ines.send("GET", path, "");
			assertThat(answer.statusCode()).isEqualTo(404);
			assertThat(answer.body()).contains("There is no such article", "href=\"/\"");
		}
		assertThat(ines.send("GET", "/api/articles/99", "").statusCode()).isEqualTo(404);
		assertThat(ines.send("GET", "/article.html?id=one", "").statusCode()).isEqualTo(400);
	}

	@Test
	void onlyTheHolderSavesAndOnlyWithTheCurrentGrant() throws Exception {
		User ines = User.logsIn("Ines");
		User vera = User.logsIn("Vera");
		long first = fence(ines.post("/locky/locks/acquire", "{'resource':'article:1'}"));
		assertThat(ines.save(1, first).statusCode()).isEqualTo(200);
		assertThat(vera.save(1, first).statusCode()).isEqualTo(423);
		long second = fence(vera.post("/locky/locks/takeover", "{'resource':'article:1','fence':%d}".formatted(first)));
		assertThat(ines.save(1, first).statusCode()).isEqualTo(423);
		assertThat(ines.save(1, second).statusCode()).isEqualTo(423);
		assertThat(vera.save(1, second).statusCode()).isEqualTo(200);
	}

	@Test
	void saveOverALaterHolderIsRefusedByTheDatabase() throws Exception {
		User tom = User.logsIn("Tom");
		long fence = fence(tom.post("/locky/locks/acquire", "{'resource':'article:2'}"));
		newsroom.bean(ArticleStore.class).save(2, "Later", "By a later holder.", "Vera", fence + 1);
		assertThat(tom.save(2, fence).statusCode()).isEqualTo(409);
		assertThat(newsroom.bean(ArticleStore.class).find(2).orElseThrow().savedBy()).isEqualTo("Vera");
	}

	@Test
	void onlyTheChiefTakesOverAndOnlyArticlesAreLocked() throws Exception {
		User ines = User.logsIn("Ines");
		long fence = fence(ines.post("/locky/locks/acquire", "{'resource':'article:3'}"));
		HttpResponse<String> takeover = User.logsIn("Tom")
			.post("/locky/locks/takeover", "{'resource':'article:3','fence':%d}".formatted(fence));
		assertThat(takeover.statusCode()).isEqualTo(403);
		assertThat(ines.post("/locky/locks/acquire", "{'resource':'safe:1'}").statusCode()).isEqualTo(403);
	}

	@Test
	void onlyTheChiefLooksIntoTheActuator() throws Exception {
		User.logsIn("Ines").post("/locky/locks/acquire", "{'resource':'article:4'}");
		assertThat(manage("GET", "locky", "").statusCode()).isEqualTo(401);
		assertThat(manage("GET", "locky", "Ines").statusCode()).isEqualTo(403);
		assertThat(manage("DELETE", "locky/article:4", "Ines").statusCode()).isEqualTo(403);
		assertThat(manage("GET", "locky/article:4", "Vera").body()).contains("\"locker\":\"Ines\"");
		assertThat(manage("DELETE", "locky/article:4", "Vera").body()).contains("\"released\":true");
		assertThat(manage("GET", "locky/article:4", "Vera").statusCode()).isEqualTo(404);
		assertThat(manage("GET", "prometheus", "Vera").body())
			.contains("locky_acquisitions_total{outcome=\"acquired\"}", "locky_streams_open", "locky_http_seconds");
		assertThat(manage("GET", "health", "").body()).contains("\"status\":\"UP\"").doesNotContain("worker");
		assertThat(manage("GET", "health", "Vera").body()).contains("\"locky\":{\"details\":{");
	}

	@Test
	void everyQueryOfTheDashboardFindsItsSeries() throws Exception {
		User.logsIn("Ines").post("/locky/locks/acquire", "{'resource':'article:5'}");
		String page = manage("GET", "prometheus", "Vera").body();
		String dashboard = Files.readString(Path.of("..", "docs", "observability", "grafana.json"));
		List<MatchResult> series = Pattern.compile("(locky_\\w+)\\{([^}]*)}").matcher(dashboard).results().toList();
		assertThat(series).hasSizeGreaterThan(15);
		for (MatchResult wanted : series) {
			String labels = Pattern.compile("(\\w+)=~?\\\\\"")
				.matcher(wanted.group(2))
				.results()
				.map((label) -> label.group(1))
				.filter((label) -> !List.of("job", "instance").contains(label))
				.map((label) -> "(?=.*\\b" + label + "=\")")
				.collect(Collectors.joining());
			assertThat(page).containsPattern("(?m)^" + labels + wanted.group(1) + "[{ ]");
		}
	}

	private static HttpResponse<String> manage(String method, String path, String user) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(newsroom.url() + "/actuator/" + path))
			.method(method, BodyPublishers.noBody());
		if (!user.isEmpty()) {
			String login = Base64.getEncoder().encodeToString((user + ":newsroom").getBytes(StandardCharsets.UTF_8));
			request.header("Authorization", "Basic " + login);
		}
		return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
	}

	private static long fence(HttpResponse<String> grant) {
		Matcher fence = Pattern.compile("\"fence\":(\\d+)").matcher(grant.body());
		assertThat(fence.find()).as(grant.body()).isTrue();
		return Long.parseLong(fence.group(1));
	}

	/**
	 * A user who sends requests without a page.
	 */
	private static final class User {

		private final CookieManager cookies = new CookieManager();

		private final HttpClient client = HttpClient.newBuilder()
			.cookieHandler(this.cookies)
			.followRedirects(Redirect.NEVER)
			.build();

		static User logsIn(String name) throws Exception {
			User user = new User();
			user.send("GET", "/login.html", "");
			HttpResponse<String> answer = user.send("POST", "/login",
					"username=%s&password=newsroom&_csrf=%s".formatted(name, user.token()));
			assertThat(answer.headers().firstValue("Location").orElse("")).endsWith("/").doesNotContain("error");
			user.send("GET", "/api/me", "");
			return user;
		}

		HttpResponse<String> save(long article, long fence) throws Exception {
			return send("PUT", "/api/articles/" + article,
					"{'title':'T','text':'By %s','fence':%d}".formatted(article, fence).replace('\'', '"'));
		}

		HttpResponse<String> post(String path, String json) throws Exception {
			return send("POST", path, json.replace('\'', '"'));
		}

		private String token() {
			return this.cookies.getCookieStore()
				.getCookies()
				.stream()
				.filter((cookie) -> "XSRF-TOKEN".equals(cookie.getName()))
				.map(HttpCookie::getValue)
				.findFirst()
				.orElse("");
		}

		HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
			String type = body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded";
			HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(newsroom.url() + path))
				.header("Content-Type", type)
				.header("Accept", body.startsWith("{") ? "application/json" : "text/html,application/json")
				.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
			if (body.startsWith("{")) {
				request.header("X-XSRF-TOKEN", token());
			}
			return this.client.send(request.build(), BodyHandlers.ofString());
		}

	}

}
