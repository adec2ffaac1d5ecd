package io.locky.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A wire between a client and Redis that can lose an answer, or all of them, or delay a
 * request.
 */
public final class RedisProxy implements AutoCloseable {

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final List<Socket> unanswered = new CopyOnWriteArrayList<>();

	private final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);

	private final AtomicReference<@Nullable Plan> plan = new AtomicReference<>();

	private final int redisPort;

	private volatile boolean mute;

	private volatile boolean paused;

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

	/**
	 * Cuts the wire instead of the answer to a request.
	 * @param text what the request contains
	 * @param before runs before the cut, after Redis has answered
	 */
	public void cutAnswer(String text, Runnable before) {
		this.plan.set(new Plan(text, before, true, null));
	}

	/**
	 * Keeps the answer to a request on its way, and all answers behind it.
	 * @param text what the request contains
	 * @param until runs after Redis has answered; then the answer goes on
	 */
	public void holdAnswer(String text, Runnable until) {
		this.plan.set(new Plan(text, until, false, null));
	}

	/**
	 * Keeps a request on its way, and cuts the wire to its client.
	 * @param text what the request contains
	 * @return completed when the request is kept; its result delivers the request to
	 * Redis, and waits until it has been answered
	 */
	public CompletableFuture<Runnable> holdRequest(String text) {
		CompletableFuture<Runnable> held = new CompletableFuture<>();
		this.plan.set(new Plan(text, () -> {
		}, true, held));
		return held;
	}

	/**
	 * Whether new clients are turned away.
	 * @param paused whether there is no way to Redis
	 */
	public void pause(boolean paused) {
		this.paused = paused;
	}

	private void accept() throws IOException {
		while (!this.server.isClosed()) {
			Socket client = this.server.accept();
			this.sockets.add(client);
			if (this.paused) {
				client.close();
			}
			else if (this.mute) {
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
			AtomicReference<@Nullable Plan> due = new AtomicReference<>();
			start("proxy-requests", () -> pass(client, redis, false, due));
			start("proxy-answers", () -> pass(redis, client, true, due));
		}
		catch (IOException ex) {
			// Redis is down, and so is the wire to it.
			client.close();
		}
	}

	private void pass(Socket from, Socket to, boolean answers, AtomicReference<@Nullable Plan> due) throws IOException {
		InputStream in = from.getInputStream();
		OutputStream out = to.getOutputStream();
		byte[] buffer = new byte[65536];
		for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
			if (answers ? isCut(from, to, due.getAndSet(null)) : isHeld(from, to, buffer, length, due)) {
				return;
			}
			out.write(buffer, 0, length);
			out.flush();
		}
		to.close();
	}

	private boolean isCut(Socket redis, Socket client, @Nullable Plan applied) throws IOException {
		Fault now = this.fault.getAndSet(Fault.NONE);
		if (applied != null) {
			applied.before.run();
		}
		if ((applied != null && applied.cut) || now == Fault.CUT) {
			redis.close();
			client.close();
			return true;
		}
		if (now == Fault.DELAY) {
			delay();
		}
		return false;
	}

	private boolean isHeld(Socket client, Socket redis, byte[] buffer, int length, AtomicReference<@Nullable Plan> due)
			throws IOException {
		Plan applied = planFor(buffer, length);
		if (applied != null && applied.held != null) {
			client.close();
			CompletableFuture<Void> answered = new CompletableFuture<>();
			due.set(new Plan("", () -> answered.complete(null), true, null));
			byte[] request = Arrays.copyOf(buffer, length);
			applied.held.complete(() -> deliver(redis, request, answered));
			return true;
		}
		due.compareAndSet(null, applied);
		return false;
	}

	private @Nullable Plan planFor(byte[] buffer, int length) {
		Plan next = this.plan.get();
		boolean applies = next != null && new String(buffer, 0, length, StandardCharsets.UTF_8).contains(next.text);
		return (applies && this.plan.compareAndSet(next, null)) ? next : null;
	}

	private static void deliver(Socket redis, byte[] request, CompletableFuture<Void> answered) {
		try {
			// A socket's stream has no buffer to flush, and the answer ends the wire.
			redis.getOutputStream().write(request);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		answered.orTimeout(30, TimeUnit.SECONDS).join();
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

	private static final class Plan {

		private final String text;

		private final Runnable before;

		private final boolean cut;

		private final @Nullable CompletableFuture<Runnable> held;

		private Plan(String text, Runnable before, boolean cut, @Nullable CompletableFuture<Runnable> held) {
			this.text = text;
			this.before = before;
			this.cut = cut;
			this.held = held;
		}

	}

	private interface Work {

		void run() throws IOException;

	}

}
