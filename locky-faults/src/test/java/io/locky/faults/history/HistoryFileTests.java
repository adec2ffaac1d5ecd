package io.locky.faults.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import io.locky.faults.history.Call.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a process writes can be read, also after it was killed.
 */
class HistoryFileTests {

	private static final Call CALL = new Call("p1", Call.Operation.ACQUIRE, "article:1", "ann", null, 300,
			new Answer(Answer.Kind.GRANTED, "ann", 7L), 1, 2);

	private static final Seen SEEN = new Seen("p1", Seen.Type.EXPIRED, "article:1", "ann", 7L, false, 3, 4);

	@TempDir
	private Path folder;

	@Test
	void entriesOfSeveralProcessesAreReadBack() {
		Path one = this.folder.resolve("1");
		Path two = this.folder.resolve("2");
		try (HistoryFile first = new HistoryFile(one); HistoryFile second = new HistoryFile(two)) {
			first.write(CALL);
			second.write(SEEN);
			assertThat(HistoryFile.read(List.of(one, two))).containsExactly(CALL, SEEN);
		}
	}

	@Test
	void lineThatWasNotFinishedIsLeftOut() throws IOException {
		Path file = this.folder.resolve("1");
		try (HistoryFile history = new HistoryFile(file)) {
			history.write(SEEN);
		}
		Files.writeString(file, "{\"call\":{\"proc", StandardOpenOption.APPEND);
		assertThat(HistoryFile.read(List.of(file))).containsExactly(SEEN);
	}

}
