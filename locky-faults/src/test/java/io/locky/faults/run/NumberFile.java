package io.locky.faults.run;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.locky.event.LockExpiredEvent;

import org.springframework.context.ApplicationEvent;

/**
 * The numbers in the names of the resources whose expiries one application has published,
 * each on disk when its listener returns.
 */
final class NumberFile {

	private final DataOutputStream out;

	NumberFile(Path file) {
		try {
			this.out = new DataOutputStream(Files.newOutputStream(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	synchronized void write(ApplicationEvent event) {
		if (event instanceof LockExpiredEvent expired) {
			try {
				this.out.writeInt(Integer.parseInt(expired.getResource().substring(1)));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/**
	 * Reads what an application has published.
	 * @param file the file
	 * @param limit all numbers are lower
	 * @return how often each of them was published
	 */
	static int[] read(Path file, int limit) {
		int[] times = new int[limit];
		try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
			for (long left = Files.size(file) / Integer.BYTES; left > 0; left--) {
				times[in.readInt()]++;
			}
			return times;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
