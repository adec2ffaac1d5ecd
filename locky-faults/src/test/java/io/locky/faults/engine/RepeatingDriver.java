package io.locky.faults.engine;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A wire to Redis which sends some of the releases a second time, a few milliseconds
 * later, like a driver after a reconnect.
 */
final class RepeatingDriver implements AutoCloseable {

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final ScheduledExecutorService repeater = Executors.newSingleThreadScheduledExecutor();

	private final Random random = new Random(1);

	private final AtomicInteger repeated = new AtomicInteger();

	private final Socket side;

	private final int redisPort;

	RepeatingDriver(int redisPort) throws IOException {
		this.redisPort = redisPort;
		this.side = connect();
		start(() -> this.side.getInputStream().transferTo(OutputStream.nullOutputStream()));
		start(() -> {
			while (true) {
				Socket client = this.server.accept();
				Socket redis = connect();
				this.sockets.add(client);
				start(() -> redis.getInputStream().transferTo(client.getOutputStream()));
				start(() -> forward(client, redis));
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

	private void forward(Socket client, Socket redis) throws IOException {
		client.setTcpNoDelay(true);
		DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
		OutputStream out = redis.getOutputStream();
		while (true) {
			byte[] command = read(in);
			out.write(command);
			out.flush();
			// A release keeps its answer under the name of its operation.
			String text = new String(command, StandardCharsets.UTF_8);
			if (text.contains("EVALSHA") && isRelease(text) && this.random.nextInt(3) == 0) {
				this.repeater.schedule(() -> repeat(command), 1 + this.random.nextInt(4), TimeUnit.MILLISECONDS);
			}
		}
	}

	/** A release has its operation behind its deadlines, an attempt behind its fence. */
	private static boolean isRelease(String command) {
		return command.contains(":operation:") && !command.contains(":fence\r\n");
	}

	private Void repeat(byte[] command) throws IOException {
		this.side.getOutputStream().write(command);
		this.repeated.incrementAndGet();
		return null;
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
		this.repeater.shutdownNow();
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	private interface Work {

		void run() throws IOException;

	}

}
