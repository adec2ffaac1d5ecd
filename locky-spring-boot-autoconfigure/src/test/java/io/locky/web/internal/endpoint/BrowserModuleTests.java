package io.locky.web.internal.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.locky.LockRequest;
import io.locky.LockerResolver;
import io.locky.core.LockyTemplate;
import io.locky.testing.WebInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Runs the module in a real browser, headless Chromium, under a context path. The page
 * sends its log when it is done. Without a browser the test is skipped, or fails if the
 * environment says {@code LOCKY_BROWSER=required}.
 */
class BrowserModuleTests {

	private static final Path BROWSER = Stream
		.of(System.getenv("CHROME"), "/usr/bin/chromium", "/usr/bin/chromium-browser")
		.filter(Objects::nonNull)
		.map(Path::of)
		.filter(Files::isExecutable)
		.findFirst()
		.orElse(Path.of("none"));

	@Test
	void pageHoldsWatchesLosesAndReleasesLocks(@TempDir Path profile) throws IOException {
		assumeTrue(Files.isExecutable(BROWSER) || "required".equals(System.getenv("LOCKY_BROWSER")),
				"There is no browser");
		try (WebInstance web = WebInstance.start(WebApplicationType.SERVLET,
				new Class<?>[] { Mvc.class, Ann.class, Chief.class }, "locky.web.enabled=true",
				"locky.web.resources=article:", "locky.web.ttl=5s", "server.servlet.context-path=/app")) {
			String log = browse("http://localhost:" + web.port() + "/app/module-test.html", profile,
					web.bean(Chief.class).log);
			assertThat(log).contains("[initial state: yes]", "[acquired: true ann Busy]", "[watched: yes]",
					"[second tab: locked true ann true]", "[taken over: yes takenover chief false false]",
					"[takeover: forbidden 403]", "[heartbeats: true true]", "[adopted twice: locked true]",
					"[released: false yes]", "[lost by heartbeat: yes takenover chief false]", "[left: true yes true]",
					"[no network: yes unreachable false]", "[done]");
		}
	}

	private static String browse(String url, Path profile, CompletableFuture<String> log) throws IOException {
		Process browser = new ProcessBuilder(BROWSER.toString(), "--headless", "--no-sandbox", "--disable-gpu",
				"--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-port=0",
				"--user-data-dir=" + profile.resolve("profile"), url)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.redirectError(ProcessBuilder.Redirect.DISCARD)
			.start();
		try {
			return log.orTimeout(150, TimeUnit.SECONDS).join();
		}
		finally {
			List<ProcessHandle> all = Stream.concat(browser.descendants(), Stream.of(browser.toHandle())).toList();
			all.forEach(ProcessHandle::destroyForcibly);
			all.forEach((process) -> process.onExit().join());
		}
	}

	/** Every caller is ann. */
	static class Ann implements LockerResolver {

		@Override
		public Object resolveLocker() {
			return "ann";
		}

	}

	/** Another user, who takes locks by force, and receives the log of the page. */
	@RestController
	static class Chief {

		private final CompletableFuture<String> log = new CompletableFuture<>();

		private final LockyTemplate locks;

		Chief(LockyTemplate locks) {
			this.locks = locks;
		}

		@GetMapping("/steal")
		boolean steal(@RequestParam String resource) {
			return this.locks.lock(LockRequest.of(resource).by("chief").force());
		}

		@PostMapping("/log")
		void log(@RequestBody String text) {
			this.log.complete(text);
		}

	}

}
