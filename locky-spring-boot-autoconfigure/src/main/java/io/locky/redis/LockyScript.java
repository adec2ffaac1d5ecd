package io.locky.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.script.DigestUtils;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * A script as it stands in the {@code .lua} file beside this package, read once. Unlike a
 * resource-backed {@link RedisScript} it never looks at the file again: that check on
 * every call costs a third of the throughput.
 *
 * @param <T> what the script answers
 */
final class LockyScript<T> implements RedisScript<T> {

	private static final String PRELUDE = read("prelude");

	static final LockyScript<List<Object>> ACQUIRE = listOf("acquire");

	static final LockyScript<List<Object>> REFRESH = listOf("refresh");

	static final LockyScript<List<Object>> RELEASE = listOf("release");

	static final LockyScript<List<Object>> FIND = listOf("find");

	static final LockyScript<List<Object>> SCAN = listOf("scan");

	static final LockyScript<List<Object>> DRAIN = listOf("drain");

	static final LockyScript<List<Object>> SPLIT = listOf("split");

	static final LockyScript<List<Object>> INDEX = listOf("index");

	static final LockyScript<List<Object>> LOG = listOf("log");

	static final LockyScript<List<Object>> PROBE = listOf("probe");

	static final LockyScript<Long> PEEK = numberOf("peek");

	static final LockyScript<Long> CONFIRM = numberOf("confirm");

	static final LockyScript<Long> ADOPT = numberOf("adopt");

	static final LockyScript<Long> ACK = numberOf("ack");

	static final LockyScript<Long> PROLONG = numberOf("prolong");

	private final String text;

	private final String sha1;

	private final Class<T> resultType;

	private LockyScript(String name, Class<T> resultType) {
		this.text = PRELUDE + read(name);
		this.sha1 = DigestUtils.sha1DigestAsHex(this.text);
		this.resultType = resultType;
	}

	@SuppressWarnings("unchecked")
	private static LockyScript<List<Object>> listOf(String name) {
		return new LockyScript<>(name, (Class<List<Object>>) (Class<?>) List.class);
	}

	private static LockyScript<Long> numberOf(String name) {
		return new LockyScript<>(name, Long.class);
	}

	private static String read(String name) {
		try (InputStream file = new ClassPathResource(name + ".lua", LockyScript.class).getInputStream()) {
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
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
