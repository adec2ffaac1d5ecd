package io.locky.redis;

import java.util.List;

import org.springframework.data.redis.core.script.RedisScript;

/**
 * A script with its keys and arguments, ready to be sent by any client.
 *
 * @param <T> what the script answers
 * @param script the script
 * @param keys all keys that it touches
 * @param arguments what its header calls {@code ARGV}
 * @since 0.1.0
 */
public record ScriptCall<T>(RedisScript<T> script, List<String> keys, List<String> arguments) {

}
