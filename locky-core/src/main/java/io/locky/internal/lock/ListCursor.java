package io.locky.internal.lock;

import io.locky.internal.redis.ScanReply;

import org.springframework.util.Assert;

/**
 * How far a list has come: a partition, and the cursor of Redis within it.
 *
 * @param partition the index of the partition
 * @param position the cursor of Redis
 * @param partitions how many partitions there are
 */
record ListCursor(int partition, String position, int partitions) {

	static ListCursor of(String text, int partitions) {
		if (text.isEmpty()) {
			return new ListCursor(0, ScanReply.START, partitions);
		}
		try {
			Assert.isTrue(text.matches("\\d{1,4}-\\d{1,20}"), "not of that form");
			String[] parts = text.split("-");
			int partition = Integer.parseInt(parts[0]);
			Assert.isTrue(partition < partitions, "not of this Redis");
			return new ListCursor(partition, Long.toUnsignedString(Long.parseUnsignedLong(parts[1])), partitions);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"'%s' is not the cursor of a page; pass what LockPage.cursor() returned".formatted(text), ex);
		}
	}

	boolean isEnd() {
		return this.partition >= this.partitions;
	}

	ListCursor next(String nextPosition) {
		return nextPosition.equals(ScanReply.START) ? new ListCursor(this.partition + 1, nextPosition, this.partitions)
				: new ListCursor(this.partition, nextPosition, this.partitions);
	}

	@Override
	public String toString() {
		return this.partition + "-" + this.position;
	}

}
