package io.locky.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A wire between a client and Redis that can lose an answer, or all of them.
 */
public final class RedisProxy implements AutoCloseable {

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final List<Socket> unanswered = new CopyOnWriteArrayList<>();

	private final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);

	private final int redisPort;

	private volatile boolean mute;

	public RedisProxy(int redisPort) throws IOException {
		this.redisPort = redisPort;
		start("proxy", this::accept);
	}

	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * What happens to the next answer.
	 * @param next the fault; afterwards the wire works again
	 */
	public void next(Fault next) {
		this.fault.set(next);
	}

	/**
	 * Accepts connections from now on without ever answering. Those that there are go on.
	 */
	public void mute() {
		this.mute = true;
	}

	/**
	 * Ends the connections that got no answer. New ones work again.
	 * @throws IOException if one of them cannot be closed
	 */
	public void unmute() throws IOException {
		this.mute = false;
		for (Socket socket : this.unanswered) {
			socket.close();
		}
	}

	/**
	 * How many connections wait for an answer that never comes.
	 * @return the number of connections since {@link #mute()}
	 */
	public int unanswered() {
		return this.unanswered.size();
	}

	private void accept() throws IOException {
		while (!this.server.isClosed()) {
			Socket client = this.server.accept();
			this.sockets.add(client);
			if (this.mute) {
				this.unanswered.add(client);
			}
			else {
				connect(client);
			}
		}
	}

	private void connect(Socket client) throws IOException {
		try {
			Socket redis = new Socket(InetAddress.getLoopbackAddress(), this.redisPort);
			this.sockets.add(redis);
			start("proxy-requests", () -> pass(client, redis, false));
			start("proxy-answers", () -> pass(redis, client, true));
		}
		catch (IOException ex) {
			// Redis is down, and so is the wire to it.
			client.close();
		}
	}

	private void pass(Socket from, Socket to, boolean answers) throws IOException {
		InputStream in = from.getInputStream();
		OutputStream out = to.getOutputStream();
		byte[] buffer = new byte[65536];
		for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
			Fault now = answers ? this.fault.getAndSet(Fault.NONE) : Fault.NONE;
			if (now == Fault.CUT) {
				from.close();
				to.close();
				return;
			}
			if (now == Fault.DELAY) {
				delay();
			}
			out.write(buffer, 0, length);
			out.flush();
		}
		to.close();
	}

	private static void delay() {
		LockSupport.parkNanos(Duration.ofMillis(900).toNanos());
	}

	private static void start(String name, Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (IOException ex) {
				// The wire was cut or closed: that is what it is for.
				return;
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	/**
	 * What can happen to an answer.
	 */
	public enum Fault {

		/** It arrives. */
		NONE,
		/** The wire is cut, and the answer with it. */
		CUT,
		/** It arrives after the client has given up. */
		DELAY

	}

	private interface Work {

		void run() throws IOException;

	}

}
