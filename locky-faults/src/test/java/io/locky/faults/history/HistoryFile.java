package io.locky.faults.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The history of one process: a file with one JSON object a line. Each line is on disk
 * when the call returns, so that the history of a process that is killed lacks nothing
 * but its last line.
 */
public final class HistoryFile implements AutoCloseable {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final Writer writer;

	/**
	 * Opens a file, at its end if there is one.
	 * @param file the file
	 */
	public HistoryFile(Path file) {
		try {
			this.writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Writes a line.
	 * @param entry what happened
	 */
	public synchronized void write(Entry entry) {
		try {
			this.writer.write(JSON.writeValueAsString(Line.of(entry)));
			this.writer.write('\n');
			this.writer.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public synchronized void close() {
		try {
			this.writer.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Reads what processes have written.
	 * @param files their files
	 * @return all complete lines
	 */
	public static List<Entry> read(List<Path> files) {
		return files.stream().flatMap(HistoryFile::entries).toList();
	}

	private static Stream<Entry> entries(Path file) {
		try {
			String text = Files.readString(file);
			return text.substring(0, text.lastIndexOf('\n') + 1)
				.lines()
				.map((line) -> JSON.readValue(line, Line.class).entry());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private record Line(@Nullable Call call, @Nullable Seen seen) {

		static Line of(Entry entry) {
			return (entry instanceof Call call) ? new Line(call, null) : new Line(null, (Seen) entry);
		}

		Entry entry() {
			return (this.call != null) ? this.call : Objects.requireNonNull(this.seen);
		}

	}

}
