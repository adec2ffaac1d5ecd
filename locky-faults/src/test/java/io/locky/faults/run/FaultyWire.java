package io.locky.faults.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A wire between applications and Redis that loses, delays and cuts at random, with a
 * seed.
 */
final class FaultyWire implements AutoCloseable {

	private final ServerSocket server;

	private final int redisPort;

	private final Duration timeout;

	private final Random random;

	private final List<Connection> connections = new CopyOnWriteArrayList<>();

	private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2, FaultyWire::daemon);

	private final Map<Fault, AtomicLong> injected = new EnumMap<>(Fault.class);

	private volatile List<Fault> faults = List.of();

	private volatile int oneOf = 1;

	private volatile Duration delay = Duration.ZERO;

	/**
	 * Opens a wire that has no faults yet.
	 * @param redisPort where Redis is
	 * @param timeout how long clients wait for an answer
	 * @param seed makes its choices repeatable
	 */
	FaultyWire(int redisPort, Duration timeout, long seed) {
		this.redisPort = redisPort;
		this.timeout = timeout;
		this.random = new Random(seed);
		for (Fault fault : Fault.values()) {
			this.injected.put(fault, new AtomicLong());
		}
		try {
			this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		daemon(this::accept).start();
	}

	String address() {
		return "127.0.0.1:" + this.server.getLocalPort();
	}

	/**
	 * Sets what may happen to a request and its answer.
	 * @param oneOf to one of how many
	 * @param kinds what may happen, nothing if this is empty
	 */
	void inject(int oneOf, Fault... kinds) {
		this.oneOf = oneOf;
		this.faults = List.of(kinds);
	}

	/** Delays all answers. */
	void delay(Duration length) {
		this.delay = length;
	}

	/** Cuts all connections. New ones work. */
	void cutAll() {
		this.connections.forEach((connection) -> {
			this.injected(Fault.CUT);
			connection.cut();
		});
	}

	/** How often each fault was injected. */
	long injected() {
		return this.injected.values().stream().mapToLong(AtomicLong::get).sum();
	}

	private void injected(Fault fault) {
		AtomicLong count = this.injected.get(fault);
		if (count != null) {
			count.incrementAndGet();
		}
	}

	private synchronized Fault choose() {
		List<Fault> kinds = this.faults;
		if (kinds.isEmpty() || this.random.nextInt(this.oneOf) > 0) {
			return Fault.NONE;
		}
		Fault chosen = kinds.get(this.random.nextInt(kinds.size()));
		injected(chosen);
		return chosen;
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Connection connection = new Connection(this.server.accept());
				this.connections.add(connection);
				daemon(connection::passRequests).start();
				daemon(connection::passAnswers).start();
			}
			catch (IOException ex) {
				// Redis is down, and so is the wire to it; or the wire is closed.
				Thread.onSpinWait();
			}
		}
	}

	private static Thread daemon(Runnable work) {
		Thread thread = new Thread(work, "wire");
		thread.setDaemon(true);
		return thread;
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.connections.forEach(Connection::cut);
		this.later.shutdownNow();
	}

	/** What can happen. */
	enum Fault {

		/** Nothing. */
		NONE,
		/** The connection is cut before the request has reached Redis. */
		CUT,
		/** The connection is cut when the request has reached Redis. */
		LOSE_ANSWER,
		/** The answer comes after the client has given up. */
		DELAY_ANSWER,
		/** The connection is cut, and the request reaches Redis later. */
		LATE_REQUEST,
		/** No more answers come, over a connection that stays open for a while. */
		ONE_WAY

	}

	private final class Connection {

		private final Socket client;

		private final Socket redis;

		private volatile boolean mute;

		private volatile boolean late;

		private Connection(Socket client) throws IOException {
			this.client = client;
			try {
				this.redis = new Socket(InetAddress.getLoopbackAddress(), FaultyWire.this.redisPort);
				client.setTcpNoDelay(true);
				this.redis.setTcpNoDelay(true);
			}
			catch (IOException ex) {
				client.close();
				throw ex;
			}
		}

		private void passRequests() {
			byte[] buffer = new byte[65536];
			try {
				InputStream in = this.client.getInputStream();
				for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
					apply(choose(), Arrays.copyOf(buffer, length));
				}
				cut();
			}
			catch (IOException ex) {
				cut();
			}
		}

		private void apply(Fault fault, byte[] request) throws IOException {
			switch (fault) {
				case CUT -> cut();
				case LOSE_ANSWER -> {
					this.mute = true;
					this.redis.getOutputStream().write(request);
					later(Duration.ofMillis(20), this::cut);
				}
				case DELAY_ANSWER -> {
					this.late = true;
					this.redis.getOutputStream().write(request);
				}
				case LATE_REQUEST -> sendLate(request);
				case ONE_WAY -> {
					this.mute = true;
					this.redis.getOutputStream().write(request);
					later(FaultyWire.this.timeout.multipliedBy(2), this::cut);
				}
				default -> this.redis.getOutputStream().write(request);
			}
		}

		/** As if it had been on its way for long: its client is gone. */
		private void sendLate(byte[] request) throws IOException {
			this.mute = true;
			this.client.close();
			later(Duration.ofMillis(20 + FaultyWire.this.random.nextInt(500)), () -> {
				try {
					this.redis.getOutputStream().write(request);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
				later(Duration.ofMillis(200), this::cut);
			});
		}

		private void later(Duration after, Runnable action) {
			FaultyWire.this.later.schedule(action, after.toMillis(), TimeUnit.MILLISECONDS);
		}

		private void passAnswers() {
			byte[] buffer = new byte[65536];
			try {
				InputStream in = this.redis.getInputStream();
				for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
					pass(buffer, length);
				}
				cut();
			}
			catch (IOException ex) {
				cut();
			}
		}

		private void pass(byte[] buffer, int length) throws IOException {
			if (this.mute) {
				return;
			}
			Duration pause = this.late ? FaultyWire.this.timeout.multipliedBy(3).dividedBy(2) : FaultyWire.this.delay;
			this.late = false;
			if (!pause.isZero()) {
				LockSupport.parkNanos(pause.toNanos());
			}
			this.client.getOutputStream().write(buffer, 0, length);
		}

		private void cut() {
			FaultyWire.this.connections.remove(this);
			try {
				this.client.close();
				this.redis.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
