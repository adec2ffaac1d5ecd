package io.locky.testing;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles a class without the names of its parameters.
 */
public final class CompiledWithoutNames {

	private CompiledWithoutNames() {
	}

	/**
	 * Compiles a class.
	 * @param source the source of the class {@code Nameless}
	 * @return the class
	 */
	public static Class<?> compile(String source) throws IOException, ClassNotFoundException {
		JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "The tests need a JDK");
		Path output = Files.createTempDirectory("locky-nameless");
		List<String> options = List.of("-proc:none", "-g:none", "-classpath", System.getProperty("java.class.path", ""),
				"-d", output.toString());
		JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Nameless.java"),
				JavaFileObject.Kind.SOURCE) {
			@Override
			public CharSequence getCharContent(boolean ignoreEncodingErrors) {
				return source;
			}
		};
		boolean compiled = compiler.getTask(null, null, null, options, null, List.of(file)).call();
		if (!compiled) {
			throw new IllegalStateException("The source does not compile");
		}
		// Not closed: the class is in use until the test ends.
		ClassLoader loader = new URLClassLoader(new URL[] { output.toUri().toURL() },
				CompiledWithoutNames.class.getClassLoader());
		return loader.loadClass("Nameless");
	}

}
