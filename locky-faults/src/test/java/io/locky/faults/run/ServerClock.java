package io.locky.faults.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

import org.springframework.util.FileSystemUtils;

/**
 * A wall clock for one server, which a test sets. It is a library that is compiled here
 * and loaded into the server before all others.
 */
final class ServerClock implements AutoCloseable {

	private final Path folder;

	private ServerClock(Path folder) {
		this.folder = folder;
	}

	/**
	 * Makes a clock that is right.
	 * @return nothing if there is no C compiler
	 */
	static Optional<ServerClock> create() {
		try {
			ServerClock clock = new ServerClock(Files.createTempDirectory("locky-clock"));
			clock.set(0);
			Process compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-O1", "-o", clock.library().toString(),
					Path.of("src", "test", "c", "clock.c").toString(), "-ldl")
				.inheritIO()
				.start();
			if (compiler.onExit().join().exitValue() == 0) {
				return Optional.of(clock);
			}
			clock.close();
			return Optional.empty();
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

	private Path library() {
		return this.folder.resolve("clock.so");
	}

	/**
	 * What loads the clock into a server.
	 * @return variables of its environment
	 */
	List<String> environment() {
		return List.of("LD_PRELOAD=" + library(), "CLOCK_FILE=" + this.folder.resolve("offset"));
	}

	/**
	 * Sets the clock.
	 * @param seconds how far it is ahead, or behind if this is negative
	 */
	void set(int seconds) {
		try {
			// Not a new file: the server has mapped this one.
			Files.write(this.folder.resolve("offset"), new byte[] { (byte) seconds }, StandardOpenOption.CREATE,
					StandardOpenOption.WRITE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		FileSystemUtils.deleteRecursively(this.folder.toFile());
	}

}
