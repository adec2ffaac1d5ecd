package io.locky.internal.check;

import java.util.function.Function;
import java.util.function.Supplier;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.RedisConnectionFailureException;

/**
 * Sends a command that a service or proxy may not support, or not for this user. An error
 * of the server is an answer to the check; a lost connection ends it, until it is tried
 * again.
 */
final class OptionalCommand {

	private OptionalCommand() {
	}

	/**
	 * Sends the command.
	 * @param <T> the type of the reply
	 * @param command sends it
	 * @param onError turns an error of the server into a reply
	 * @return the reply
	 * @throws DataAccessException if the connection is lost or Redis does not answer
	 */
	static <T> T send(Supplier<T> command, Function<DataAccessException, T> onError) {
		try {
			return command.get();
		}
		catch (RedisConnectionFailureException | QueryTimeoutException ex) {
			throw ex;
		}
		catch (DataAccessException ex) {
			return onError.apply(ex);
		}
	}

}
