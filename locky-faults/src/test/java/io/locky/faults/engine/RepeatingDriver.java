package io.locky.faults.engine;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A wire to Redis which sends some of the releases a second time, a few milliseconds
 * later, like a driver after a reconnect: the answer to the first sending does not arrive
 * before that.
 */
final class RepeatingDriver implements AutoCloseable {

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final Random random = new Random(1);

	private final AtomicInteger repeated = new AtomicInteger();

	private final Socket side;

	private final int redisPort;

	RepeatingDriver(int redisPort) throws IOException {
		this.redisPort = redisPort;
		this.side = connect();
		start(() -> {
			while (true) {
				Socket client = this.server.accept();
				Socket redis = connect();
				this.sockets.add(client);
				Lock answers = new ReentrantLock();
				start(() -> forwardAnswers(redis, client, answers));
				start(() -> forwardCommands(client, redis, answers));
			}
		});
	}

	int port() {
		return this.server.getLocalPort();
	}

	int repeated() {
		return this.repeated.get();
	}

	private Socket connect() throws IOException {
		Socket redis = new Socket(InetAddress.getLoopbackAddress(), this.redisPort);
		redis.setTcpNoDelay(true);
		this.sockets.add(redis);
		return redis;
	}

	private static void forwardAnswers(Socket redis, Socket client, Lock answers) throws IOException {
		byte[] buffer = new byte[8192];
		int read = redis.getInputStream().read(buffer);
		while (read >= 0) {
			answers.lock();
			try {
				client.getOutputStream().write(buffer, 0, read);
			}
			finally {
				answers.unlock();
			}
			read = redis.getInputStream().read(buffer);
		}
	}

	private void forwardCommands(Socket client, Socket redis, Lock answers) throws IOException {
		client.setTcpNoDelay(true);
		DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
		while (true) {
			byte[] command = read(in);
			String text = new String(command, StandardCharsets.UTF_8);
			if (text.contains("EVALSHA") && isRelease(text) && this.random.nextBoolean()) {
				answers.lock();
				try {
					redis.getOutputStream().write(command);
					LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1 + this.random.nextInt(4)));
					repeat(command);
				}
				finally {
					answers.unlock();
				}
			}
			else {
				redis.getOutputStream().write(command);
			}
		}
	}

	/** A release has its operation behind its deadlines, an attempt behind its fence. */
	private static boolean isRelease(String command) {
		return command.contains(":operation:") && !command.contains(":fence\r\n");
	}

	private synchronized void repeat(byte[] command) throws IOException {
		this.side.getOutputStream().write(command);
		if (this.side.getInputStream().read(new byte[8192]) > 0) {
			this.repeated.incrementAndGet();
		}
	}

	/** Reads an array of texts. */
	private static byte[] read(DataInputStream in) throws IOException {
		ByteArrayOutputStream command = new ByteArrayOutputStream();
		int words = length(in, command);
		for (int i = 0; i < words; i++) {
			byte[] word = new byte[length(in, command) + 2];
			in.readFully(word);
			command.writeBytes(word);
		}
		return command.toByteArray();
	}

	private static int length(InputStream in, ByteArrayOutputStream copy) throws IOException {
		StringBuilder line = new StringBuilder();
		int next = in.read();
		while (next != '\n') {
			if (next < 0) {
				throw new IOException("the client has closed the wire");
			}
			line.append((char) next);
			copy.write(next);
			next = in.read();
		}
		copy.write(next);
		return Integer.parseInt(line.substring(1).trim());
	}

	private static void start(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (IOException ex) {
				// The wire is closed.
			}
		}, "repeating-driver");
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

	private interface Work {

		void run() throws IOException;

	}

}
