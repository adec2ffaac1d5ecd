package io.locky.compatibility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Loads the classes and scripts of Locky from the jar of the previous release, and
 * everything else from the class path.
 */
final class PreviousRelease extends URLClassLoader {

	private static final Path FOLDER = Path.of("src/test/compatibility");

	static final PreviousRelease LOADER = new PreviousRelease();

	private PreviousRelease() {
		super(new URL[] { url(jar()), TemplateMember.class.getProtectionDomain().getCodeSource().getLocation() },
				PreviousRelease.class.getClassLoader());
	}

	static Path jar() {
		try (Stream<Path> files = Files.list(FOLDER)) {
			return files.filter((file) -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static URL url(Path file) {
		try {
			return file.toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts an instance.
	 * @param setup how it is set up
	 * @return the instance
	 */
	static Member start(Member.Setup setup) {
		try {
			return (Member) LOADER.loadClass(TemplateMember.class.getName())
				.getConstructor(Member.Setup.class)
				.newInstance(setup);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
		if (!name.startsWith("io.locky.") || name.startsWith(Member.class.getName())) {
			return super.loadClass(name, resolve);
		}
		synchronized (getClassLoadingLock(name)) {
			Class<?> loaded = findLoadedClass(name);
			return (loaded != null) ? loaded : findClass(name);
		}
	}

	@Override
	public URL getResource(String name) {
		URL own = name.startsWith("io/locky/") ? findResource(name) : null;
		return (own != null) ? own : super.getResource(name);
	}

}
