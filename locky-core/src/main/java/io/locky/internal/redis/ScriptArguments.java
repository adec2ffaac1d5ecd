package io.locky.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.lettuce.core.protocol.CommandArgs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * The arguments of a command that runs a script. They are written as they are: an object
 * of the driver for each of them, and a copy, would be a sixth of all that is allocated
 * for a lock. The driver finds the slot of the command by the first key.
 */
final class ScriptArguments extends CommandArgs<String, String> {

	private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.US_ASCII);

	private final String script;

	private final List<String> keys;

	private final List<String> arguments;

	/**
	 * Creates the arguments of {@code EVALSHA} or {@code EVAL}.
	 * @param script the digest or the text of the script
	 * @param call the call
	 */
	ScriptArguments(String script, ScriptCall<?> call) {
		super(ScriptCodec.INSTANCE);
		this.script = script;
		this.keys = call.keys();
		this.arguments = call.arguments();
	}

	@Override
	public ByteBuffer getFirstEncodedKey() {
		return this.codec.encodeKey(this.keys.get(0));
	}

	@Override
	public int count() {
		return 2 + this.keys.size() + this.arguments.size();
	}

	@Override
	public void encode(ByteBuf command) {
		write(command, this.script);
		write(command, this.keys.size());
		write(command, this.keys);
		write(command, this.arguments);
	}

	private static void write(ByteBuf command, List<String> texts) {
		for (int i = 0; i < texts.size(); i++) {
			write(command, texts.get(i));
		}
	}

	private static void write(ByteBuf command, int number) {
		command.writeByte('$');
		writeNumber(command, (number < 10) ? 1 : Integer.toString(number).length());
		command.writeBytes(LINE_END);
		writeNumber(command, number);
		command.writeBytes(LINE_END);
	}

	private static void write(ByteBuf command, String text) {
		int length = ByteBufUtil.utf8Bytes(text);
		command.writeByte('$');
		writeNumber(command, length);
		command.writeBytes(LINE_END);
		ByteBufUtil.reserveAndWriteUtf8(command, text, length);
		command.writeBytes(LINE_END);
	}

	private static void writeNumber(ByteBuf command, int number) {
		if (number >= 10) {
			writeNumber(command, number / 10);
		}
		command.writeByte('0' + number % 10);
	}

	@Override
	public String toCommandString() {
		return this.script + " " + this.keys.size() + " " + String.join(" ", this.keys) + " "
				+ String.join(" ", this.arguments);
	}

}
