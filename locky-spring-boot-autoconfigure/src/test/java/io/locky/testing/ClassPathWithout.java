package io.locky.testing;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * The class path of the tests without some libraries.
 */
public final class ClassPathWithout implements AutoCloseable {

	private final URLClassLoader classes;

	/**
	 * Creates the class path.
	 * @param start the start of the file names of the libraries to leave out
	 */
	public ClassPathWithout(String start) throws IOException {
		List<URL> path = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			if (!Path.of(entry).getFileName().toString().startsWith(start)) {
				path.add(Path.of(entry).toUri().toURL());
			}
		}
		this.classes = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
	}

	/**
	 * Loads a class from this class path and calls it.
	 * @param type the class, with a constructor without parameters
	 * @return what it returns
	 */
	public Object call(Class<? extends Callable<String>> type) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader previous = thread.getContextClassLoader();
		thread.setContextClassLoader(this.classes);
		try {
			Constructor<?> constructor = this.classes.loadClass(type.getName()).getDeclaredConstructor();
			constructor.setAccessible(true);
			return ((Callable<?>) constructor.newInstance()).call();
		}
		finally {
			thread.setContextClassLoader(previous);
		}
	}

	@Override
	public void close() throws IOException {
		this.classes.close();
	}

}
