package io.locky.internal.redis;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.protocol.CommandHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Fails the commands that a lost connection has sent and not received replies for. The
 * driver would send them again on the next connection, although Redis may have run them.
 * Commands that were not sent yet still wait for the next connection.
 * <p>
 * The {@code replayFilter} of the driver is no substitute: it lets those commands pass
 * that were sent, and drops those that were not, without a reply.
 */
final class LostConnectionHandler extends ChannelInboundHandlerAdapter {

	private LostConnectionHandler() {
	}

	/**
	 * Watches a channel. It must be informed of a loss before the handlers of the driver.
	 * @param channel the channel of a connection
	 */
	static void failOnLoss(Channel channel) {
		channel.pipeline().addFirst(new LostConnectionHandler());
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) throws Exception {
		CommandHandler commands = context.pipeline().get(CommandHandler.class);
		if (commands != null) {
			RedisConnectionException loss = new RedisConnectionException(
					"The connection was lost before Redis answered");
			commands.drainQueue().forEach((command) -> command.completeExceptionally(loss));
		}
		super.channelInactive(context);
	}

}
