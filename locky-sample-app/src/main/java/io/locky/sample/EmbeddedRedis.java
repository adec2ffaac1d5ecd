package io.locky.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.RedisServer;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;

/**
 * A real redis-server that starts and stops with the sample, so that there is nothing to
 * install.
 */
class EmbeddedRedis implements DataRedisConnectionDetails, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedRedis.class);

	private final int port;

	private final RedisServer server;

	EmbeddedRedis(int preferredPort) {
		this.port = port(preferredPort);
		this.server = RedisServer.builder().bind("127.0.0.1").port(this.port).setting("save \"\"").build();
		this.server.start();
		logger.info("An embedded Redis keeps the locks, on port {}. Set spring.data.redis.url to use another.",
				this.port);
	}

	private static int port(int preferred) {
		try (ServerSocket socket = new ServerSocket(preferred, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (BindException ex) {
			return port(0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public Standalone getStandalone() {
		return Standalone.of("127.0.0.1", this.port);
	}

	@Override
	public void destroy() {
		this.server.stop();
	}

}
