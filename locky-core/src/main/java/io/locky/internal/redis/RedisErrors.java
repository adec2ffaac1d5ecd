package io.locky.internal.redis;

import java.util.Set;
import java.util.regex.Pattern;

import org.springframework.core.NestedExceptionUtils;

/**
 * Recognises the errors of Redis. Drivers wrap them in different exceptions, but keep the
 * text of the server in the innermost one.
 */
public final class RedisErrors {

	/**
	 * The errors of a node that has not run the command: its keys are on both sides of a
	 * move, or there were more redirections in a row than the driver follows.
	 */
	private static final Pattern NOT_RUN = Pattern.compile("(TRYAGAIN|ASK|MOVED)\\s.*", Pattern.DOTALL);

	/** By their names, because a driver may be absent. */
	private static final Set<String> ERROR_REPLIES = Set.of("io.lettuce.core.RedisCommandExecutionException",
			"redis.clients.jedis.exceptions.JedisDataException");

	/** The second is the text of Redis before version 7.2, for commands in scripts. */
	private static final Pattern REFUSED = Pattern.compile("NOPERM|user executing the script|ACL failure");

	private RedisErrors() {
	}

	/**
	 * Whether the server does not have the script that {@code EVALSHA} named.
	 * @param failure the exception of the driver or of Spring Data
	 * @return whether to send the text of the script instead
	 */
	public static boolean isUnknownScript(Throwable failure) {
		return message(failure).contains("NOSCRIPT");
	}

	/**
	 * Whether the user of the connection lacks a permission.
	 * @param failure the exception of the driver or of Spring Data
	 * @return whether Redis refused the command, or one that a script calls
	 */
	public static boolean isRefusal(Throwable failure) {
		return REFUSED.matcher(message(failure)).find();
	}

	/**
	 * Whether Redis refused a command because its memory is used up, as the policy
	 * {@code noeviction} has it.
	 * @param failure the exception of the driver or of Spring Data
	 * @return whether Redis is full
	 */
	public static boolean isFull(Throwable failure) {
		return message(failure).contains("OOM command not allowed");
	}

	/**
	 * Whether Redis Cluster is moving the slot of the keys. Then nothing of the command
	 * has run.
	 * @param failure the exception of the driver or of Spring Data
	 * @return whether to try again soon
	 */
	public static boolean isSlotMoving(Throwable failure) {
		return NOT_RUN.matcher(message(failure)).matches();
	}

	/**
	 * Whether a command may have run although its sender got an exception. It has not if
	 * there was no connection to send it on. If Redis replied with an error, its effect
	 * is known.
	 * @param failure the exception of the driver or of Spring Data
	 * @return whether the reply is missing
	 */
	public static boolean isUnanswered(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof NotConnectedException || isErrorReply(cause.getClass())) {
				return false;
			}
		}
		return true;
	}

	private static boolean isErrorReply(Class<?> failure) {
		for (Class<?> type = failure; type != null; type = type.getSuperclass()) {
			if (ERROR_REPLIES.contains(type.getName())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether only a node of a Redis Cluster replies so: the keys of one command belong
	 * to several slots, or to another node.
	 * @param failure the exception of the driver or of Spring Data
	 * @return whether the server is a node of a Cluster
	 */
	public static boolean isOfCluster(Throwable failure) {
		String message = message(failure);
		return message.startsWith("CROSSSLOT") || message.startsWith("MOVED") || message.startsWith("CLUSTERDOWN");
	}

	/**
	 * The text of the innermost exception.
	 * @param failure the exception of the driver or of Spring Data
	 * @return the text of the server if the server replied
	 */
	public static String message(Throwable failure) {
		return String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
	}

}
