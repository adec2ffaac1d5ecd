package io.locky.internal.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.script.DigestUtils;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * A script from the {@code .lua} file in the package of its caller, read once. Unlike a
 * resource-backed {@link RedisScript} it never checks the file again: that check, on
 * every call, costs a third of the throughput.
 *
 * @param <T> the type of the reply: a list or a number
 */
public final class LockyScript<T> implements RedisScript<T> {

	private final String name;

	private final String text;

	private final String sha1;

	private final Class<T> resultType;

	private LockyScript(String name, String text, Class<T> resultType) {
		this.name = name;
		this.text = Prelude.addTo(text);
		this.sha1 = DigestUtils.sha1DigestAsHex(this.text);
		this.resultType = resultType;
	}

	/**
	 * Loads a script that replies with a list.
	 * @param caller a class in the package of the file
	 * @param name the name of the file, without {@code .lua}
	 * @return the script
	 */
	@SuppressWarnings("unchecked")
	public static LockyScript<List<Object>> ofList(Class<?> caller, String name) {
		return new LockyScript<>(name, read(caller, name), (Class<List<Object>>) (Class<?>) List.class);
	}

	/**
	 * Loads a script that replies with a number.
	 * @param caller a class in the package of the file
	 * @param name the name of the file, without {@code .lua}
	 * @return the script
	 */
	public static LockyScript<Long> ofNumber(Class<?> caller, String name) {
		return new LockyScript<>(name, read(caller, name), Long.class);
	}

	static String read(Class<?> caller, String name) {
		try (InputStream file = new ClassPathResource(name + ".lua", caller).getInputStream()) {
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Creates a call of this script.
	 * @param <R> the type of the result
	 * @param keys all keys that the script uses
	 * @param arguments the {@code ARGV} of the script
	 * @param reader reads the result from the reply
	 * @return the call
	 */
	public <R> ScriptCall<R> call(List<String> keys, List<String> arguments, Function<T, R> reader) {
		return new ScriptCall<>(this, keys, arguments, (reply) -> reader.apply(this.resultType.cast(reply)));
	}

	/** The name of its file, without {@code .lua}. */
	String name() {
		return this.name;
	}

	@Override
	public String getSha1() {
		return this.sha1;
	}

	@Override
	public Class<T> getResultType() {
		return this.resultType;
	}

	@Override
	public String getScriptAsString() {
		return this.text;
	}

}
