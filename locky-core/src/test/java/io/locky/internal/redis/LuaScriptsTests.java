package io.locky.internal.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.locky.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks all scripts on the class path, each with its functions in front of it.
 */
class LuaScriptsTests {

	private static final String PRELUDE = text(new ClassPathResource("prelude.lua", LockyScript.class));

	private static final Pattern KEYS_OR_ARGUMENTS = Pattern.compile("\\b(KEYS|ARGV)\\b");

	static List<Script> scripts() throws IOException {
		List<Script> scripts = new ArrayList<>();
		for (Resource file : new PathMatchingResourcePatternResolver()
			.getResources("classpath*:io/locky/internal/**/*.lua")) {
			scripts.add(new Script(String.valueOf(file.getFilename()), text(file)));
		}
		return scripts;
	}

	@Test
	void allScriptsAreFound() throws IOException {
		assertThat(scripts()).hasSizeGreaterThan(10).extracting(Script::file).contains("prelude.lua", "acquire.lua");
	}

	@ParameterizedTest
	@MethodSource("scripts")
	void scriptCompilesInRedis(Script script) {
		assertThat(errorOf(script.withPrelude()))
			.as("%s, which starts behind %d lines of functions", script.file(),
					script.withPrelude().lines().count() - script.text().lines().count())
			.isNull();
	}

	@ParameterizedTest
	@MethodSource("scripts")
	void scriptUsesNoUndeclaredGlobal(Script script) {
		assertThat(LuaGlobals.undeclared(script.withPrelude())).as(script.file()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("scripts")
	void scriptNamesItsKeysAndArgumentsFirst(Script script) {
		assertThat(linesWithKeys(script.text())).as(script.file()).isEmpty();
	}

	@Test
	void syntaxErrorIsFound() {
		assertThat(errorOf(PRELUDE + "if true then return 1")).contains("'end' expected");
	}

	@ParameterizedTest
	@ValueSource(strings = { "wrong = 1", "return wrong", "local right = wrong", "do local wrong = 1 end return wrong",
			"for _, wrong in ipairs(KEYS) do end return wrong", "local f = function(wrong) end wrong()",
			"if true then local wrong = 1 else return wrong end", "function wrong() end", "return 'a' .. wrong",
			"local right right, wrong = 1, 2", "return {right = wrong}", "return wrong.field" })
	void undeclaredGlobalIsFound(String code) {
		assertThat(LuaGlobals.undeclared(code)).containsExactly("wrong");
	}

	@Test
	void lateKeysAndArgumentsAreFound() {
		String names = "-- KEYS[1]\n\nlocal lock = KEYS[1]\nlocal ttl = ARGV[1]\n\n";
		assertThat(linesWithKeys(names + "-- Not KEYS[1]\n\nreturn 1\n")).isEmpty();
		assertThat(linesWithKeys(names + "local one = 1\nreturn KEYS[2] -- late\n")).hasSize(1);
		assertThat(linesWithKeys(names + "return 1\n\nlocal all = ARGV\n")).hasSize(1);
	}

	private static @Nullable String errorOf(String script) {
		try (RedisConnection connection = TestRedis.connectionFactory().getConnection()) {
			connection.scriptingCommands().scriptLoad(script.getBytes(StandardCharsets.UTF_8));
			return null;
		}
		catch (DataAccessException ex) {
			return RedisErrors.message(ex);
		}
	}

	/** All such lines but those of the first paragraph of code. */
	private static List<String> linesWithKeys(String script) {
		String code = script.replaceAll("--[^\n]*", "").strip();
		int end = code.indexOf("\n\n");
		return Stream.of(code.substring((end < 0) ? code.length() : end).split("\n"))
			.filter((line) -> KEYS_OR_ARGUMENTS.matcher(line).find())
			.toList();
	}

	private static String text(Resource file) {
		try {
			return file.getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	record Script(String file, String text) {

		String withPrelude() {
			return this.file.equals("prelude.lua") ? this.text : LockyScript.withFunctions(this.text);
		}

		@Override
		public String toString() {
			return this.file;
		}

	}

}
