package io.locky.benchmark.redis;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * What {@code INFO} reports. Read over a socket of its own, so that no library is
 * involved.
 */
final class RedisInfo {

	private RedisInfo() {
	}

	static Properties read(int port) {
		Properties entries = new Properties();
		for (String line : send(port, "INFO all").split("\r\n")) {
			int colon = line.indexOf(':');
			if (colon > 0) {
				entries.setProperty(line.substring(0, colon), line.substring(colon + 1));
			}
		}
		return entries;
	}

	/**
	 * Sends one command.
	 * @param port where the server listens
	 * @param command the command and its arguments, without spaces in these
	 * @return the answer, a line or a text
	 */
	@SuppressWarnings("deprecation") // readLine is deprecated for what is not ASCII
	static String send(int port, String command) {
		try (Socket socket = new Socket(BenchmarkRedis.HOST, port);
				DataInputStream in = new DataInputStream(socket.getInputStream())) {
			socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
			String head = in.readLine();
			if (head == null || head.startsWith("-")) {
				throw new IllegalStateException("Redis answers " + command + " with " + head);
			}
			return head.startsWith("$")
					? new String(in.readNBytes(Integer.parseInt(head.substring(1))), StandardCharsets.UTF_8) : head;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
