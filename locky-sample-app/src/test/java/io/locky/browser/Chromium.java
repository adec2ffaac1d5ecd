package io.locky.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;

/**
 * A headless browser process with a temporary profile.
 */
public final class Chromium implements AutoCloseable {

	private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome",
			"google-chrome-stable");

	private final Path profile;

	private final Process process;

	private final DevTools tools;

	private final Queue<String> contexts = new ConcurrentLinkedQueue<>();

	private Chromium(Path executable) throws IOException {
		this.profile = Files.createTempDirectory("locky-browser");
		List<String> command = new ArrayList<>(List.of(executable.toString(), "--headless=new",
				"--remote-debugging-port=0", "--user-data-dir=" + this.profile, "--no-first-run", "--disable-gpu",
				"--disable-dev-shm-usage", "--disable-extensions", "--disable-background-networking",
				"--disable-component-update", "--disable-sync", "--mute-audio", "--hide-scrollbars", "--lang=en-GB",
				"--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows", "about:blank"));
		if ("root".equals(System.getProperty("user.name"))) {
			command.add(1, "--no-sandbox");
		}
		this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
		this.tools = new DevTools(address());
		this.tools.send(null, "Target.setDiscoverTargets", Map.of("discover", true));
	}

	/**
	 * Finds a browser: the environment's {@code CHROME} or {@code CHROMIUM}, or one of
	 * the usual names on the path.
	 * @return the executable
	 */
	public static Optional<Path> find() {
		Stream<String> named = Stream.of("CHROME", "CHROMIUM").map(System.getenv()::get).filter((path) -> path != null);
		Stream<String> onPath = NAMES.stream()
			.flatMap((name) -> Stream.of(System.getenv("PATH").split(":")).map((directory) -> directory + "/" + name));
		return Stream.concat(named, onPath).map(Path::of).filter(Files::isExecutable).findFirst();
	}

	/**
	 * Starts a browser.
	 * @return the browser
	 */
	public static Chromium start() {
		try {
			return new Chromium(find().orElseThrow(() -> new IllegalStateException(
					"No Chromium was found. Install chromium, or name one: CHROME=/path/to/chrome")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String address() throws IOException {
		BufferedReader output = this.process.inputReader();
		StringBuilder read = new StringBuilder();
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			read.append(line).append('\n');
			if (line.startsWith("DevTools listening on ")) {
				drain(output);
				return line.substring("DevTools listening on ".length());
			}
		}
		throw new IllegalStateException("The browser did not start:\n" + read);
	}

	/** A full pipe would stop the browser. */
	private static void drain(BufferedReader output) {
		Thread thread = new Thread(() -> {
			try (output) {
				while (output.readLine() != null) {
					continue;
				}
			}
			catch (IOException ex) {
				// The browser has ended.
			}
		}, "browser-output");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Opens a window that shares nothing with any other, for another user.
	 * @return the page in it
	 */
	public Page newUser() {
		String context = this.tools.send(null, "Target.createBrowserContext", Map.of("disposeOnDetach", true))
			.get("browserContextId")
			.asString();
		this.contexts.add(context);
		return new Page(this.tools, context);
	}

	/**
	 * Closes the windows of all users.
	 */
	public void closeWindows() {
		for (String context = this.contexts.poll(); context != null; context = this.contexts.poll()) {
			this.tools.send(null, "Target.disposeBrowserContext", Map.of("browserContextId", context));
		}
	}

	/**
	 * Kills the browser, as a power cut would.
	 */
	public void kill() {
		List<ProcessHandle> processes = Stream.concat(this.process.descendants(), Stream.of(this.process.toHandle()))
			.toList();
		processes.forEach(ProcessHandle::destroyForcibly);
		processes.forEach((each) -> each.onExit().orTimeout(10, TimeUnit.SECONDS).join());
		this.tools.close();
	}

	@Override
	public void close() {
		kill();
		try {
			FileSystemUtils.deleteRecursively(this.profile);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
