package io.locky.faults.engine;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Loads the library a second time, with scripts of another text. Everything that is not
 * Locky's, and the history, is shared with the test.
 */
final class PatchedLibrary extends ClassLoader {

	private static final String LIBRARY = "io.locky.";

	private static final List<String> SHARED = List.of("io.locky.faults.history.", "io.locky.faults.check.");

	private static final String SCRIPTS = "io/locky/internal/";

	private final Map<String, String> scripts = new HashMap<>();

	PatchedLibrary() {
		super(PatchedLibrary.class.getClassLoader());
	}

	/**
	 * Replaces a part of a script.
	 * @param script its path below the internal packages, without {@code .lua}
	 * @param part the part, which occurs once
	 * @param replacement what comes in its place
	 * @return this library
	 */
	PatchedLibrary patch(String script, String part, String replacement) {
		String path = SCRIPTS + script + ".lua";
		String text = this.scripts.getOrDefault(path, new String(read(path), StandardCharsets.UTF_8));
		int at = text.indexOf(part);
		if (at < 0 || text.indexOf(part, at + 1) >= 0) {
			throw new IllegalArgumentException(script + ".lua does not have once: " + part);
		}
		this.scripts.put(path, text.replace(part, replacement));
		return this;
	}

	@Override
	protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
		if (!name.startsWith(LIBRARY) || SHARED.stream().anyMatch(name::startsWith)) {
			return super.loadClass(name, resolve);
		}
		synchronized (getClassLoadingLock(name)) {
			Class<?> loaded = findLoadedClass(name);
			if (loaded != null) {
				return loaded;
			}
			byte[] bytes = read(name.replace('.', '/') + ".class");
			return defineClass(name, bytes, 0, bytes.length);
		}
	}

	@Override
	public @Nullable InputStream getResourceAsStream(String name) {
		String script = this.scripts.get(name);
		return (script != null) ? new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8))
				: super.getResourceAsStream(name);
	}

	private byte[] read(String path) {
		try (InputStream file = super.getResourceAsStream(path)) {
			if (file == null) {
				throw new IllegalArgumentException("no " + path);
			}
			return file.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
