package io.locky.internal.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.locky.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The own way to send scripts writes and reads what {@link StringRedisTemplate} does.
 */
class NativeScriptsTests {

	private static final List<String> TEXTS = List.of("", "plain", "a b\r\n$3\r\n", "ä ß", "€", "𝄞 and \ud83d", "\0\1",
			"long ".repeat(2000));

	private final LettuceConnectionFactory connections = TestRedis.connect();

	private final StringRedisTemplate template = new StringRedisTemplate(this.connections);

	@AfterEach
	void disconnect() {
		this.connections.destroy();
	}

	@Test
	void keysAndArgumentsArriveAsTheyAre() {
		expectSame("return {#KEYS, #ARGV, unpack(KEYS)}", TEXTS, TEXTS);
		expectSame("return {#KEYS, #ARGV, unpack(ARGV)}", TEXTS, TEXTS);
	}

	@Test
	void anyNumberOfKeysAndArgumentsIsCounted() {
		for (int count : List.of(1, 9, 10, 99, 100, 1001)) {
			List<String> names = IntStream.range(0, count).mapToObj(Integer::toString).toList();
			expectSame("return {#KEYS, #ARGV, KEYS[#KEYS], ARGV[#ARGV]}", names, names);
			expectSame("return {#KEYS, #ARGV}", names, List.of());
		}
	}

	@Test
	void repliesAreReadAsTheyAre() {
		for (String reply : List.of("{}", "{1, -7, 9007199254740991}", "{'a', false, 'b'}", "{'', 'ä€𝄞'}",
				"{{}, {1, {'deep', {}, {2}}, 'x'}, {{{3}}}, 'end'}", "{{{}}, {false}, {{}, {}}}")) {
			expectSame("return " + reply, List.of("key"), List.of());
		}
	}

	@Test
	void errorsAreThoseOfTheTemplate() {
		assertThat(failure(() -> send("return redis.call('GET')")))
			.hasSameClassAs(failure(() -> this.template.execute(script("return redis.call('GET')"), List.of("key"))));
	}

	private void expectSame(String text, List<String> keys, List<String> arguments) {
		Object reply = NativeScripts.on(this.connections)
			.send(new ScriptCall<>(script(text), keys, arguments, (answer) -> answer));
		assertThat(reply).isEqualTo(this.template.execute(script(text), keys, arguments.toArray()));
	}

	private @Nullable Object send(String text) {
		return NativeScripts.on(this.connections)
			.send(new ScriptCall<>(script(text), List.of("key"), new ArrayList<>(), (answer) -> answer));
	}

	private static Throwable failure(Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException ex) {
			return ex;
		}
		throw new AssertionError("Nothing was thrown");
	}

	@SuppressWarnings("rawtypes")
	private static RedisScript<List> script(String text) {
		return new DefaultRedisScript<>(text, List.class);
	}

}
