package io.locky.internal.lock;

import java.util.regex.Pattern;

import io.locky.internal.lock.LockCommands.HeldReply;
import io.locky.internal.redis.ScanReply;

import org.springframework.util.Assert;

/**
 * The place where a page of locks ends: a partition, and the position within it. That is
 * the cursor of a scan of the records, or a position in the index by locker, which has
 * {@code l} in front of it.
 *
 * @param partition the index of the partition
 * @param position the position
 */
record PageCursor(int partition, String position) {

	private static final Pattern TEXT = Pattern.compile("\\d{1,4}-(\\d{1,20}|l\\d{1,9})");

	private static final String OF_INDEX = "l";

	static PageCursor of(String text, int partitions) {
		if (text.isEmpty()) {
			return new PageCursor(0, ScanReply.START);
		}
		try {
			Assert.isTrue(TEXT.matcher(text).matches(), "not of that form");
			String[] parts = text.split("-");
			int partition = Integer.parseInt(parts[0]);
			Assert.isTrue(partition < partitions, "not of this Redis");
			return new PageCursor(partition,
					parts[1].startsWith(OF_INDEX) ? parts[1] : Long.toUnsignedString(Long.parseUnsignedLong(parts[1])));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"'%s' is not the cursor of a page; pass what LockPage.cursor() returned".formatted(text), ex);
		}
	}

	/**
	 * Brings a reply of the index into the form of a scan.
	 * @param held the reply
	 * @return its position, as a cursor has it, and its resources
	 */
	static ScanReply scanReply(HeldReply held) {
		return new ScanReply((held.position() == HeldReply.START) ? ScanReply.START : OF_INDEX + held.position(),
				held.resources());
	}

	boolean isOfIndex() {
		return this.position.startsWith(OF_INDEX);
	}

	/** Whether the index has the rest of the partition, which a scan has not begun. */
	boolean isIndexable() {
		return isOfIndex() || this.position.equals(ScanReply.START);
	}

	long indexPosition() {
		return isOfIndex() ? Long.parseLong(this.position.substring(OF_INDEX.length())) : HeldReply.START;
	}

	/**
	 * Where a scan continues. It has another order than the index, so after that it
	 * begins at the start: a lock may be on two pages, but none is left out.
	 * @return the cursor of the scan
	 */
	String scanPosition() {
		return isOfIndex() ? ScanReply.START : this.position;
	}

	PageCursor next(String nextPosition) {
		return nextPosition.equals(ScanReply.START) ? new PageCursor(this.partition + 1, nextPosition)
				: new PageCursor(this.partition, nextPosition);
	}

	@Override
	public String toString() {
		return this.partition + "-" + this.position;
	}

}
