package io.locky.faults.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

import org.springframework.util.FileSystemUtils;

/**
 * A wall clock for one server, which a test sets. It is a program that is compiled here
 * and runs the server.
 */
final class ServerClock implements AutoCloseable {

	private final Path folder;

	private ServerClock(Path folder) {
		this.folder = folder;
	}

	/**
	 * Makes a clock that is right.
	 * @return nothing if there is no C compiler, or another kind of machine
	 */
	static Optional<ServerClock> create() {
		try {
			ServerClock clock = new ServerClock(Files.createTempDirectory("locky-clock"));
			clock.set(0);
			Process compiler = new ProcessBuilder("cc", "-O1", "-o", clock.program().toString(),
					Path.of("src", "test", "c", "clock.c").toString())
				.redirectErrorStream(true)
				.redirectOutput(Redirect.DISCARD)
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

	private Path program() {
		return this.folder.resolve("clock");
	}

	/**
	 * What runs a server with this clock.
	 * @return a command that takes that of the server as its last arguments
	 */
	List<String> launcher() {
		return List.of(program().toString(), this.folder.resolve("offset").toString());
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
