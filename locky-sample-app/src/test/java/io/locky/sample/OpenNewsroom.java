package io.locky.sample;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

import io.locky.LockQuery;
import io.locky.browser.Chromium;
import io.locky.core.LockyTemplate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A newsroom and a browser for all tests of a class. After each of them, all windows are
 * closed, and all locks released.
 */
final class OpenNewsroom implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

	/** For what happens in a browser on a busy machine. */
	private static final Duration LONGEST = Duration.ofSeconds(60);

	private final Supplier<RunningNewsroom> starter;

	private @Nullable RunningNewsroom running;

	private @Nullable Chromium browser;

	OpenNewsroom(Supplier<RunningNewsroom> starter) {
		this.starter = starter;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		Awaitility.setDefaultTimeout(LONGEST);
		this.browser = Chromium.start();
		this.running = this.starter.get();
	}

	@Override
	public void afterEach(ExtensionContext context) {
		browser().closeWindows();
		LockyTemplate locks = bean(LockyTemplate.class);
		locks.list(LockQuery.all()).locks().forEach((lock) -> locks.unlock(lock.resource()));
	}

	@Override
	public void afterAll(ExtensionContext context) {
		Awaitility.reset();
		if (this.browser != null) {
			this.browser.close();
		}
		if (this.running != null) {
			this.running.close();
		}
	}

	RunningNewsroom running() {
		return Objects.requireNonNull(this.running);
	}

	Chromium browser() {
		return Objects.requireNonNull(this.browser);
	}

	String url() {
		return running().url();
	}

	<T> T bean(Class<T> type) {
		return running().bean(type);
	}

	Person logsIn(String name) {
		return logsIn(name, running());
	}

	/** Logs in to another instance, with the same browser. */
	Person logsIn(String name, RunningNewsroom instance) {
		return Person.logsIn(browser(), instance, name);
	}

}
