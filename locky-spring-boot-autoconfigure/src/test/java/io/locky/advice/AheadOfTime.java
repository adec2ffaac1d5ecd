package io.locky.advice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import org.springframework.boot.SpringApplicationAotProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes an application ahead of time, as the build plugins of Spring Boot do, and
 * runs it on the JVM.
 *
 * @param directory where to put what is generated
 * @param application the class with the main method
 */
public record AheadOfTime(Path directory, Class<?> application) {

	/**
	 * Processes and runs the application.
	 * @param arguments its arguments
	 * @return the lines of its output
	 */
	public List<String> run(String... arguments) throws Exception {
		List<String> processing = new ArrayList<>(
				List.of(this.application.getName(), path("sources"), path("classes"), path("classes"), "g", "a"));
		processing.addAll(List.of(arguments));
		java(System.getProperty("java.class.path"), SpringApplicationAotProcessor.class.getName(), processing);
		compile();
		return java(path("classes") + System.getProperty("path.separator") + System.getProperty("java.class.path"),
				this.application.getName(), List.of(arguments), "-Dspring.aot.enabled=true");
	}

	private String path(String name) {
		return this.directory.resolve(name).toString();
	}

	private void compile() throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		List<String> command = new ArrayList<>(List.of("-d", path("classes"), "-cp",
				path("classes") + System.getProperty("path.separator") + System.getProperty("java.class.path"),
				"-proc:none", "-nowarn", "-parameters"));
		try (Stream<Path> files = Files.walk(this.directory.resolve("sources"))) {
			files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(command::add);
		}
		assertThat(compiler.run(null, null, null, command.toArray(String[]::new))).isZero();
	}

	private List<String> java(String classPath, String mainClass, List<String> arguments, String... options)
			throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath));
		command.addAll(List.of(options));
		command.add(mainClass);
		command.addAll(arguments);
		Path output = Files.createTempFile(this.directory, "output", ".txt");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		try {
			assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
			assertThat(process.exitValue()).as(() -> read(output)).isZero();
			return Files.readAllLines(output);
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

}
